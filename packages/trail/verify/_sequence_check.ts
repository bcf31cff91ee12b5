import type { Problems } from "./problems.ts";

/**
 * Finds out from the place where a record lies and the `seq` that it says itself what was done to the order. It looks one
 * row ahead: after a removed or an added row all the others are shifted, after a swap they are not.
 */
export class SequenceCheck {
  readonly #problems: Problems;
  readonly #from: number;
  #next: number;
  #shift = 0;
  #pending: { readonly place: number; readonly says: number } | undefined;
  #isBroken = false;

  /** `from`: the first place. */
  constructor(problems: Problems, from = 0) {
    this.#problems = problems;
    this.#next = from;
    this.#from = from;
  }

  /** Places are not, or may not be, those of the tree's leaves any more. */
  get isBroken(): boolean {
    return this.#isBroken || this.#pending !== undefined;
  }

  /** By how much rows lie behind what they say: more are there, or fewer below zero. */
  get shift(): number {
    return this.#shift;
  }

  /** Where the next row is expected. */
  get next(): number {
    return this.#next;
  }

  /** `says`: the `seq` in the record, undefined when it cannot be read. */
  add(place: number, says: number | undefined): void {
    if (place < this.#from) {
      this.#problems.add(place, "added", `Row ${place} lies before the first record`);
      return;
    }
    if (place > this.#next) {
      this.#problems.add(this.#next, "removed", `${spanOf(this.#next, place - 1)} missing`);
      this.#isBroken = true;
    }
    this.#next = place + 1;
    if (says === undefined) return;
    this.#judge(place - says);
    if (place - says !== this.#shift) this.#pending = { place, says };
  }

  end(): void {
    this.#judge(undefined);
  }

  #judge(nextShift: number | undefined): void {
    if (this.#pending === undefined) return;
    const { place, says } = this.#pending;
    this.#pending = undefined;
    const shift = place - says;
    if (nextShift !== undefined && nextShift !== shift) {
      this.#problems.add(place, "reordered", `Row ${place} holds record ${says}`);
      return;
    }
    if (shift > this.#shift) {
      this.#problems.add(says, "added", `Row ${place} says that it is record ${says}, as one before it does`);
    } else {
      this.#problems.add(
        place,
        "removed",
        `${spanOf(place - this.#shift, says - 1)} missing: row ${place} holds record ${says}`,
      );
    }
    this.#shift = shift;
    this.#isBroken = true;
  }
}

function spanOf(first: number, last: number): string {
  return first === last ? `Record ${first} is` : `Records ${first} to ${last} are`;
}
