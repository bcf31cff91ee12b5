import type { TrailRecord } from "../record/record.ts";
import type { TrailRow } from "../store/trail_source.ts";
import { leafHash } from "../tree/mod.ts";
import type { Check } from "./_check.ts";
import type { Walk } from "./_walk.ts";

/** Compares each record with its canonical form, and with the leaf that is kept of it. */
export class LeafCheck implements Check {
  readonly #walk: Walk;

  constructor(walk: Walk) {
    this.#walk = walk;
  }

  row({ seq, json, leaf }: TrailRow, record: TrailRecord | undefined): void {
    if (json === null) return;
    const { problems, shift } = this.#walk;
    if (record === undefined) {
      problems.add(seq, "changed", `Record ${seq} is not the canonical JSON of a record`);
    } else if (seq - record.seq === shift && Buffer.compare(leafHash(json), leaf) !== 0) {
      problems.add(seq, "changed", `Record ${seq} does not hash to its leaf`);
    }
  }
}
