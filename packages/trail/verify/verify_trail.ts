import { leafHash } from "../tree/mod.ts";
import { EndCheck } from "./_end_check.ts";
import { Problems } from "./_problems.ts";
import { readRecord } from "./_read_record.ts";
import { SequenceCheck } from "./_sequence_check.ts";
import { TreeCheck } from "./_tree_check.ts";
import { ValuesCheck } from "./_values_check.ts";
import type { TrailProblem } from "./trail_problem.ts";
import type { TrailPage, TrailRow, TrailSource, TrailStretch } from "./trail_source.ts";

/** How to verify. */
export interface VerifyTrailOptions {
  /** Called after every page with how many records were looked at, and how many there are. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** What a verification found. */
export type VerifyTrailResult =
  | { readonly ok: true; readonly size: number; readonly root: Uint8Array }
  /** In the order of records, so that the first names the first wrong one; at most 100. */
  | { readonly ok: false; readonly problems: readonly TrailProblem[] };

/**
 * Recomputes a trail from its records and compares everything that is kept with it: canonical form, order, leaf hashes,
 * the tree's nodes, frontier and head, sealed values, indexes, the list of open intents and the texts of policies. Of a
 * stretch of a trail, and of records that are withheld, whatever is there.
 *
 * Whoever can write all of a store can rewrite it so that it is whole in itself: only a checkpoint that they do not hold
 * shows that.
 *
 * @throws {TrailUnavailableError} when the source cannot be read
 * @throws {RangeError} when the hashes beside a stretch are not as many as there are subtrees
 */
export async function verifyTrail(
  source: TrailSource,
  { onProgress }: VerifyTrailOptions = {},
): Promise<VerifyTrailResult> {
  const problems = new Problems();
  const verification = new Verification(problems, source.stretch);
  let page: TrailPage | undefined;
  for await (page of source.pages()) {
    verification.addPage(page);
    onProgress?.(verification.done, Math.max(verification.total(page), verification.done));
    if (problems.isFull) break;
  }
  if (page === undefined) throw new TypeError("Cannot verify a trail without a single page");
  return problems.any
    ? { ok: false, problems: problems.sorted() }
    : { ok: true, size: page.head.size, root: page.head.root };
}

class Verification {
  done = 0;
  readonly #problems: Problems;
  readonly #stretch: TrailStretch | undefined;
  readonly #sequence: SequenceCheck;
  readonly #tree: TreeCheck;
  readonly #values: ValuesCheck;
  readonly #end: EndCheck;

  constructor(problems: Problems, stretch?: TrailStretch) {
    this.#problems = problems;
    this.#stretch = stretch;
    this.#sequence = new SequenceCheck(problems, stretch?.from);
    this.#tree = new TreeCheck(problems, this.#sequence, stretch);
    this.#values = new ValuesCheck(problems);
    this.#end = new EndCheck(problems);
  }

  /** How many records there are to look at. */
  total({ head }: TrailPage): number {
    return this.#stretch === undefined ? head.size : this.#stretch.to - this.#stretch.from;
  }

  addPage(page: TrailPage): void {
    for (const { seq, what, message } of page.problems ?? []) this.#problems.add(seq, what, message);
    this.#values.beginPage(page);
    const end = this.#stretch?.to ?? page.head.size;
    for (const row of page.rows) this.#addRow(row, end);
    this.#tree.endPage(page.nodes);
    this.done += page.rows.length;
    if (page.end === undefined) {
      this.#values.endPage(Number.POSITIVE_INFINITY);
      return;
    }
    this.#sequence.end();
    this.#checkLength(end);
    this.#tree.end(page.head, page.end.frontier);
    if (this.#sequence.shift !== 0) return;
    const known = Math.max(this.#sequence.next, end);
    this.#values.endPage(known);
    this.#end.end(page.end, this.#sequence.next, known);
  }

  #addRow({ seq, json, leaf }: TrailRow, end: number): void {
    if (json === null) {
      this.#addWithheld(seq, leaf, end);
      return;
    }
    const record = readRecord(json);
    this.#sequence.add(seq, record?.seq);
    const isInPlace = record !== undefined && seq - record.seq === this.#sequence.shift;
    if (record === undefined) {
      this.#problems.add(seq, "changed", `Record ${seq} is not the canonical JSON of a record`);
    } else if (isInPlace && Buffer.compare(leafHash(json), leaf) !== 0) {
      this.#problems.add(seq, "changed", `Record ${seq} does not hash to its leaf`);
    }
    // Beyond the head there is no leaf.
    if (seq >= 0 && seq < end) this.#tree.add(leaf.length === 32 ? leaf : leafHash(json));
    if (record === undefined || !isInPlace || this.#sequence.shift !== 0) {
      this.#values.skip(seq);
      return;
    }
    this.#values.add(seq, json, record);
    this.#end.add(seq, record);
  }

  #addWithheld(seq: number, leaf: Uint8Array, end: number): void {
    this.#sequence.add(seq, undefined);
    if (seq < end) this.#tree.add(leaf);
    this.#values.skip(seq);
  }

  /** Rows that are shifted were reported already. */
  #checkLength(size: number): void {
    const { next, shift } = this.#sequence;
    if (shift !== 0 || next === size) return;
    if (next < size) {
      this.#problems.add(next, "cut_off", `${spanOf(next, size - 1)} cut off: the head says ${size}`);
    } else {
      this.#problems.add(size, "added", `${spanOf(size, next - 1)} beyond the head, which says ${size}`);
    }
  }
}

function spanOf(first: number, last: number): string {
  return first === last ? `Record ${first} is` : `Records ${first} to ${last} are`;
}
