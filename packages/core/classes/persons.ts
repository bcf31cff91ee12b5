import { type Address, matchesPattern } from "../address/mod.ts";
import type { Person } from "../decision/person.ts";
import type { AssistantPolicy, UsersPolicy } from "../policy/mod.ts";
import { addressAtoms } from "./address_atoms.ts";

/** Who asks, as far as the rules can tell them apart. */
export interface Asker {
  /** Absent: nobody signed in. */
  readonly person?: Person;
  /** The assistant's own key came with the call. */
  readonly isProven: boolean;
}

/** People whom the lists of users of one assistant, as several policies have it, do not tell apart. The first signed nowhere in. */
export function askersOf(assistants: readonly (AssistantPolicy | undefined)[]): readonly Asker[] {
  const users = assistants.flatMap((one) => (one?.users === undefined ? [] : [one.users]));
  const isCounted = assistants.some((one) => one !== undefined && one.limits.perUser.length > 0);
  const addresses = addressAtoms([
    ...users.flatMap(({ allow }) => allow.map(({ value }) => value)),
    ...users.flatMap(({ shared }) =>
      shared.map(({ value: { key, base } }) => ({ kind: "address" as const, key, base })),
    ),
  ]).map(({ address }) => address);
  const claims = [...new Set(users.flatMap((one) => one.claims.map(({ value }) => value)))];
  const people = [undefined, ...addresses].flatMap((address) =>
    [[], ...claims.map((claim) => [claim])].map((own) => personOf(address, own)),
  );
  const known = new Map<string, Person>();
  for (const person of users.length === 0 ? people.slice(-1) : people) {
    const signature = users.map((list) => signatureIn(list, person)).join(" ");
    if (!known.has(signature)) known.set(signature, person);
  }
  const proven: readonly Asker[] = [
    { isProven: true },
    ...[...known.values()].map((person) => ({ person, isProven: true })),
  ];
  if (users.length === 0 && !isCounted) return [...proven, ...proven.slice(-1).map(unproven)];
  return [...proven, ...proven.filter(({ person }) => person !== undefined).map(unproven)];
}

function unproven(asker: Asker): Asker {
  return { ...asker, isProven: false };
}

function personOf(address: Address | undefined, claims: readonly string[]): Person {
  return {
    issuer: "https://sign-in.example",
    subject: address?.key ?? claims.join(" "),
    ...(address && { address }),
    claims,
  };
}

/** Everything that `users` asks of a person. */
export function signatureIn(
  { allow, claims, shared }: UsersPolicy,
  { address, claims: own }: Person,
): string {
  return [
    address === undefined,
    shared.some(({ value }) => value.base === address?.base),
    claims.some(({ value }) => own.includes(value)),
    address !== undefined && allow.some(({ value }) => matchesPattern(value, address)),
  ]
    .map(Number)
    .join("");
}
