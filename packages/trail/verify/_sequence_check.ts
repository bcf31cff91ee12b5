import type { TrailRecord } from "../record/record.ts";
import type { TrailRow } from "../store/trail_source.ts";
import type { Check } from "./_check.ts";
import type { Walk } from "./_walk.ts";

/**
 * Finds out from the place where a record lies and the `seq` that it says itself what was done to the order. It looks one
 * row ahead: after a removed or an added row all the others are shifted, after a swap they are not.
 */
export class SequenceCheck implements Check {
  readonly #walk: Walk;
  #pending: { readonly place: number; readonly says: number } | undefined;
  #isBroken = false;

  constructor(walk: Walk) {
    this.#walk = walk;
  }

  row({ seq: place }: TrailRow, record: TrailRecord | undefined): void {
    const walk = this.#walk;
    if (place < walk.from) {
      walk.problems.add(place, "added", `Row ${place} lies before the first record`);
      return;
    }
    if (place > walk.next) {
      walk.problems.add(walk.next, "removed", `${spanOf(walk.next, place - 1)} missing`);
      this.#isBroken = true;
    }
    walk.next = place + 1;
    if (record !== undefined) {
      this.#judge(place - record.seq);
      if (place - record.seq !== walk.shift) this.#pending = { place, says: record.seq };
    }
    walk.isBroken = this.#isBroken || this.#pending !== undefined;
  }

  end(): void {
    this.#judge(undefined);
    this.#walk.isBroken = this.#isBroken;
    this.#checkLength();
  }

  #judge(nextShift: number | undefined): void {
    if (this.#pending === undefined) return;
    const walk = this.#walk;
    const { place, says } = this.#pending;
    this.#pending = undefined;
    const shift = place - says;
    if (nextShift !== undefined && nextShift !== shift) {
      walk.problems.add(place, "reordered", `Row ${place} holds record ${says}`);
      return;
    }
    if (shift > walk.shift) {
      walk.problems.add(says, "added", `Row ${place} says that it is record ${says}, as one before it does`);
    } else {
      walk.problems.add(
        place,
        "removed",
        `${spanOf(place - walk.shift, says - 1)} missing: row ${place} holds record ${says}`,
      );
    }
    walk.shift = shift;
    this.#isBroken = true;
  }

  /** Rows that are shifted were reported already. */
  #checkLength(): void {
    const { problems, next, shift, to } = this.#walk;
    if (shift !== 0 || next === to) return;
    if (next < to) problems.add(next, "cut_off", `${spanOf(next, to - 1)} cut off: the head says ${to}`);
    else problems.add(to, "added", `${spanOf(to, next - 1)} beyond the head, which says ${to}`);
  }
}

function spanOf(first: number, last: number): string {
  return first === last ? `Record ${first} is` : `Records ${first} to ${last} are`;
}
