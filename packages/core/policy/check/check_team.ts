import { parseAddress, parseAddressPattern } from "../../address/mod.ts";
import type { PolicyProblem } from "../policy_problem.ts";
import type { PolicyDocument } from "../read/policy_document.ts";
import { suggest } from "../suggest.ts";
import { parseExpiry } from "../values/times.ts";
import { effectiveOversight } from "./_effective_oversight.ts";
import { entriesAt, textsAt } from "./_entries_at.ts";
import { checkApproval } from "./check_approval.ts";
import { checkDelegates } from "./check_delegates.ts";
import { checkHours } from "./check_hours.ts";
import { checkUsers } from "./check_users.ts";

/** What is wrong in a team's file as a whole: keys that contradict each other, names that nothing bears. */
export function checkTeam(
  team: PolicyDocument,
  organisation: PolicyDocument | undefined,
): readonly PolicyProblem[] {
  return [
    ...checkName(team),
    ...checkApproval(team, organisation),
    ...checkDelegates(team, organisation),
    ...checkSkipApproval(team, organisation),
    ...checkHours(team, organisation),
    ...checkUsers(team, organisation),
    ...checkCompose(team),
    ...checkExceptions(team),
  ];
}

function checkName(team: PolicyDocument): readonly PolicyProblem[] {
  const expected = team.name.replace(/\.yaml$/, "");
  return textsAt(team, "team")
    .filter(({ value }) => value !== expected)
    .map(({ where, path }) => ({ where, path, message: `Must be "${expected}", as the file is called` }));
}

function checkSkipApproval(
  team: PolicyDocument,
  organisation: PolicyDocument | undefined,
): readonly PolicyProblem[] {
  const problems: PolicyProblem[] = [];
  const oversight = effectiveOversight(team, organisation);
  const [list] = entriesAt(team, "recipients.skip_approval");
  if (
    oversight !== undefined &&
    oversight !== "gated_send" &&
    Array.isArray(list?.value) &&
    list.value.length > 0
  ) {
    const { where, path } = list;
    problems.push({
      where,
      path,
      message: `Must not be used under "${oversight}": only "gated_send" has approvals to skip`,
    });
  }
  for (const { value, where, path } of textsAt(team, "recipients.skip_approval[]")) {
    const parsed = parseAddressPattern(value);
    if (parsed.ok && parsed.pattern.kind === "subdomains")
      problems.push({
        where,
        path,
        message: "Must not cover subdomains: MultiMail's allowlist has no such entries",
      });
  }
  return problems;
}

function checkCompose(team: PolicyDocument): readonly PolicyProblem[] {
  const keyOf = (text: string): string | undefined => {
    const parsed = parseAddress(text);
    return parsed.ok ? parsed.address.key : undefined;
  };
  const own = textsAt(team, "mailbox.address").map(({ value }) => keyOf(value))[0];
  const seen = new Map<string, string>();
  return ["compose.cc[]", "compose.bcc[]"]
    .flatMap((path) => textsAt(team, path))
    .flatMap(({ value, where, path }) => {
      const key = keyOf(value);
      if (key === undefined) return [];
      const first = seen.get(key);
      seen.set(key, first ?? path);
      if (key === own) {
        const message =
          "Must be another address: this is the team's own mailbox, which would write to itself";
        return [{ where, path, message }];
      }
      return first === undefined
        ? []
        : [{ where, path, message: `Must be another address: ${first} has it` }];
    });
}

function checkExceptions(team: PolicyDocument): readonly PolicyProblem[] {
  const assistants = textsAt(team, "assistants[].id").map(({ value }) => value);
  return [
    ...checkExceptionDays(team),
    ...textsAt(team, "exceptions[].assistants[]")
      .filter(({ value }) => !assistants.includes(value))
      .map(({ value, where, path }) => {
        const near = suggest(value, assistants);
        const hint = near === undefined ? "the team has no such assistant" : `did you mean "${near}"?`;
        return { where, path, message: `Unknown assistant ${JSON.stringify(value.slice(0, 60))}: ${hint}` };
      }),
  ];
}

/** Exceptions that end before they begin. */
function checkExceptionDays(team: PolicyDocument): readonly PolicyProblem[] {
  return entriesAt(team, "exceptions[]").flatMap(({ path }) => {
    const [from] = textsAt(team, `${path}.from`);
    const [expires] = textsAt(team, `${path}.expires`);
    if (from === undefined || expires === undefined) return [];
    const [first, last] = [parseExpiry(from.value), parseExpiry(expires.value)];
    if (first === undefined || last === undefined || first <= last) return [];
    const message = `Must not be after "${expires.value}", when it expires`;
    return [{ where: from.where, path: from.path, message }];
  });
}
