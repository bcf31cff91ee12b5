import { personErasureEntry } from "../record/erasure.ts";
import type { Commitment } from "../record/sealed.ts";
import type { TrailStore } from "../store/store.ts";

/** Which values are erased, and what is put on record about it. */
export interface EraseValuesOptions {
  /** In the order in which they go: an erasure that is cut short has erased the first of them. */
  readonly commitments: readonly Commitment[];
  /** Who had it done, and why. */
  readonly by: string;
  readonly reason: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** How many values go with one record: about a third of what a record may be long. */
const VALUES_PER_RECORD = 5_000;

/**
 * Erases values, each together with the record that says so; many go on several records. `scrub` then overwrites them.
 *
 * @returns the `seq` of each record
 * @throws {TrailUnavailableError} when not all could be erased: those that were are on record
 */
export async function eraseValues(
  store: Pick<TrailStore, "append">,
  { commitments, by, reason, now }: EraseValuesOptions,
): Promise<readonly number[]> {
  const seqs: number[] = [];
  for (let from = 0; from < commitments.length; from += VALUES_PER_RECORD) {
    const some = commitments.slice(from, from + VALUES_PER_RECORD);
    const { seq } = await store.append(personErasureEntry({ commitments: some, by, reason }, now));
    seqs.push(seq);
  }
  return seqs;
}
