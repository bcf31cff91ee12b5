import type { PolicySet } from "@countersign/core/policy";

/** Who holds an office: people by their canonical address (`Address.key`), or by what their sign-in claims. */
interface Office {
  readonly people: readonly { readonly address: string }[];
  readonly claims: readonly { readonly value: string }[];
}

/** The organisation's part of the policies, if it names who holds an office. */
interface WithOffices extends PolicySet {
  readonly organisation?: { readonly auditors: Office; readonly operators: Office };
}

/** Who holds the organisation's offices: addresses, and `claim:` with the name of a group. */
export interface Offices {
  readonly auditors: readonly string[];
  readonly operators: readonly string[];
}

/** Who holds the offices that the organisation's policy names. */
export function officesOf({ organisation }: WithOffices): Offices {
  return { auditors: holdersOf(organisation?.auditors), operators: holdersOf(organisation?.operators) };
}

function holdersOf(office: Office | undefined): readonly string[] {
  const { people = [], claims = [] } = office ?? {};
  return [...people.map(({ address }) => address), ...claims.map(({ value }) => `claim:${value}`)];
}
