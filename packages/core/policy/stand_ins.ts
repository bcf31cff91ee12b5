/** That somebody decides in another's place. */
export interface StandIn {
  /** Canonical addresses (`Address.key`). */
  readonly from: string;
  readonly to: string;
}

/** Who stands in for whom, directly or by others: if A's deputy is B, and B's is C, then C decides for both. */
export class StandIns {
  readonly #principals = new Map<string, Set<string>>();
  readonly #known = new Map<string, ReadonlySet<string>>();

  constructor(pairs: readonly StandIn[]) {
    for (const { from, to } of pairs) {
      const known = this.#principals.get(to);
      if (known === undefined) this.#principals.set(to, new Set([from]));
      else known.add(from);
    }
  }

  /** In whose place somebody may decide: their own first, then those for whom they stand in. */
  placesOf(address: string): ReadonlySet<string> {
    const known = this.#known.get(address);
    if (known !== undefined) return known;
    // A set is walked through while it grows: who is there already is not added again, whatever loops there are.
    const places = new Set([address]);
    for (const place of places) for (const from of this.#principals.get(place) ?? []) places.add(from);
    this.#known.set(address, places);
    return places;
  }

  /** Whether two addresses are one person's, or one of them stands in for the other. A plus-tag makes nobody another. */
  areOne(a: string, b: string): boolean {
    return this.mayActFor(a, b) || this.mayActFor(b, a);
  }

  /** Whether somebody is another, or stands in for them. */
  mayActFor(address: string, other: string): boolean {
    for (const place of this.placesOf(address)) if (isOnePerson(place, other)) return true;
    return false;
  }
}

/** Whether two canonical addresses are one person's: a plus-tag makes nobody another. */
export function isOnePerson(a: string, b: string): boolean {
  return personOf(a) === personOf(b);
}

/** `a+b@x` → `a@x`, of a canonical address. */
function personOf(address: string): string {
  const plus = address.indexOf("+", 1);
  const at = address.lastIndexOf("@");
  return plus === -1 || plus > at ? address : address.slice(0, plus) + address.slice(at);
}
