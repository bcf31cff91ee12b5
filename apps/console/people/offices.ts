import type { Access, PolicySet } from "@countersign/core/policy";

/** Who holds the organisation's offices: addresses, and `claim:` with the name of a group. */
export interface Offices {
  readonly auditors: readonly string[];
  readonly operators: readonly string[];
}

/** Who holds the offices that the organisation's policy names. */
export function officesOf({ organisation }: PolicySet): Offices {
  return { auditors: holdersOf(organisation?.auditors), operators: holdersOf(organisation?.operators) };
}

function holdersOf(office: Access | undefined): readonly string[] {
  const { people = [], claims = [] } = office ?? {};
  return [...people.map(({ address }) => address), ...claims.map(({ value }) => `claim:${value}`)];
}
