import type { PolicyProblem } from "../policy_problem.ts";
import type { Located, RequiredText, TeamPolicy } from "../team_policy.ts";
import { canHold, type KnownEnds } from "../values/can_hold.ts";
import { formatWhere } from "../where.ts";

/** What people may put before a prefix that is then not added again, and how they may write it. */
const ANSWERS = ["", "Re: ", "RE: ", "Fwd: ", "FW: ", "AW: ", "Antw: "];

/** Where no email can say what is required, whatever is written, because of what `compose` puts before or below it. */
export function warnRequire({ compose, require }: TeamPolicy): readonly PolicyProblem[] {
  if (compose === undefined || require === undefined) return [];
  const { subjectPrefix: prefix, footers } = compose;
  const [last] = footers.slice(-1);
  return [
    ...(prefix === undefined || require.subject === undefined
      ? []
      : problemIfNever("subject", require.subject, prefix, beginnings(prefix.value))),
    ...(last === undefined || require.body === undefined
      ? []
      : problemIfNever("body", require.body, last, endings(footers))),
  ];
}

function problemIfNever(
  part: "subject" | "body",
  { pattern, where }: RequiredText,
  added: Located<string>,
  ends: readonly KnownEnds[],
): readonly PolicyProblem[] {
  if (ends.some((known) => canHold(pattern, known))) return [];
  const what =
    part === "subject"
      ? `Every email but a reply is refused: its subject begins with ${JSON.stringify(added.value)}`
      : "Every email is refused: it ends with the footer";
  const message = `${what} (${formatWhere(added.where)}), and no such ${part} can hold this pattern`;
  return [{ where, path: `require.${part}`, message }];
}

function beginnings(prefix: string): readonly KnownEnds[] {
  const written = [prefix, prefix.trim().replace(/\s+/g, " ")];
  const spelt = written.flatMap((text) => [text, text.toLowerCase(), text.toUpperCase()]);
  return ANSWERS.flatMap((answer) => spelt.map((text) => ({ before: `${answer}${text}`, after: "" })));
}

/** Any of the footers may be the last, where the text had another one already. */
function endings(footers: readonly Located<string>[]): readonly KnownEnds[] {
  return footers.flatMap(({ value }) => ["", "\n"].map((end) => ({ before: "", after: `${value}${end}` })));
}
