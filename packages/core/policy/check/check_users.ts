import { type Address, parseAddress } from "../../address/mod.ts";
import type { PolicyProblem } from "../policy_problem.ts";
import type { PolicyDocument } from "../read/policy_document.ts";
import { parseNamed } from "../values/named.ts";
import { formatWhere } from "../where.ts";
import { type Entry, entriesAt, type TextEntry, textsAt } from "./_entries_at.ts";

/** Keys that say something only of people who sign in. */
const OF_PEOPLE = ["allow", "claims", "with_key", "shared"];

/** What contradicts itself in whom a team's assistants may be used by, and in limits that count by person. */
export function checkUsers(
  team: PolicyDocument,
  organisation: PolicyDocument | undefined,
): readonly PolicyProblem[] {
  return entriesAt(team, "assistants[]").flatMap(({ path }) => {
    const [users] = entriesAt(team, `${path}.users`);
    const [signIn] = entriesAt(team, `${path}.users.sign_in`);
    const isRequired = signIn?.value === "required";
    return [
      ...(isRequired ? checkNamed(team, signIn) : checkWithout(team, `${path}.users`, signIn)),
      ...checkShared(team, organisation, `${path}.users`),
      ...(isRequired || (users !== undefined && !isKnown(signIn)) ? [] : checkLimit(team, path)),
    ];
  });
}

/** A wrong value has its own problem, and nobody can say what was meant. */
function isKnown(signIn: Entry | undefined): boolean {
  return signIn === undefined || signIn.value === "none";
}

function checkNamed(team: PolicyDocument, { path, where }: Entry): readonly PolicyProblem[] {
  const users = path.slice(0, path.lastIndexOf("."));
  const isNamed = ["allow", "claims"].some((key) => entriesAt(team, `${users}.${key}`).length > 0);
  if (isNamed) return [];
  const message = 'Must have "allow" or "claims" beside it: they say who may use the assistant';
  return [{ where, path, message }];
}

function checkWithout(
  team: PolicyDocument,
  path: string,
  signIn: Entry | undefined,
): readonly PolicyProblem[] {
  if (!isKnown(signIn)) return [];
  return OF_PEOPLE.flatMap((key) => {
    const [entry] = entriesAt(team, `${path}.${key}`);
    if (entry === undefined) return [];
    const message =
      key === "with_key"
        ? 'Must stand beside "sign_in: required": otherwise the key is all that proves who calls'
        : 'Must stand beside "sign_in: required": otherwise nobody signs in, and whoever has the key may use the assistant';
    return [{ where: entry.where, path: entry.path, message }];
  });
}

/** Accounts that stand for nobody and are named as somebody. */
function checkShared(
  team: PolicyDocument,
  organisation: PolicyDocument | undefined,
  users: string,
): readonly PolicyProblem[] {
  const shared = textsAt(team, `${users}.shared[]`);
  if (shared.length === 0) return [];
  const allowed = new Map<string, TextEntry>();
  for (const entry of textsAt(team, `${users}.allow[]`))
    for (const { base } of addressesOf(entry.value, [team, organisation]))
      if (!allowed.has(base)) allowed.set(base, entry);
  return shared.flatMap(({ value, where, path }) => {
    const parsed = parseAddress(value);
    const entry = parsed.ok ? allowed.get(parsed.address.base) : undefined;
    if (entry === undefined) return [];
    const message = `Must not be allowed too (${formatWhere(entry.where)}): an account that several people share stands for nobody`;
    return [{ where, path, message }];
  });
}

/** The addresses that an entry of a list of people names, one by one: itself, or those of its group and of groups in it. */
function addressesOf(
  entry: string,
  files: readonly (PolicyDocument | undefined)[],
  seen: Set<string> = new Set(),
): readonly Address[] {
  const named = parseNamed(entry, "group");
  if (named === undefined) {
    const parsed = parseAddress(entry);
    return parsed.ok ? [parsed.address] : [];
  }
  if (!named.ok || seen.has(named.named.name)) return [];
  seen.add(named.named.name);
  const file = files.find(
    (one) => one !== undefined && entriesAt(one, `groups.${named.named.name}`).length > 0,
  );
  if (file === undefined) return [];
  return textsAt(file, `groups.${named.named.name}[]`).flatMap(({ value }) =>
    addressesOf(value, files, seen),
  );
}

/** A limit of an assistant's own that would let nothing leave. */
function checkLimit(team: PolicyDocument, assistant: string): readonly PolicyProblem[] {
  return entriesAt(team, `${assistant}.limits.per_user`).map(({ where, path }) => ({
    ...{ where, path },
    message:
      'Must stand beside "users: { sign_in: required }": it counts by person, and nobody signs in to use this assistant',
  }));
}
