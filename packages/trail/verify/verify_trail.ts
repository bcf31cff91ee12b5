import type { VerifierKey } from "../checkpoint/mod.ts";
import { readRecord } from "../record/read_record.ts";
import type { TrailProblem } from "../store/trail_problem.ts";
import type { Declared, TrailPage, TrailRow, TrailSource, TrailStretch } from "../store/trail_source.ts";
import { leafHash } from "../tree/mod.ts";
import { CheckpointCheck } from "./_checkpoint_check.ts";
import { DeclaredCheck } from "./_declared_check.ts";
import { EndCheck } from "./_end_check.ts";
import { Erasures } from "./_erasures.ts";
import { checkOutside } from "./_outside_check.ts";
import { rootsAt } from "./_roots_at.ts";
import { SequenceCheck } from "./_sequence_check.ts";
import { TreeCheck } from "./_tree_check.ts";
import { ValuesCheck } from "./_values_check.ts";
import { KnownKeys } from "./known_keys.ts";
import type { OutsideCheckpoint } from "./outside_checkpoint.ts";
import { Problems } from "./problems.ts";
import type { VerifiedCheckpoints } from "./verified_checkpoints.ts";

/** How to verify. */
export interface VerifyTrailOptions {
  /** Called after every page. */
  readonly onProgress?: (progress: VerifyProgress) => void;
  /** Keys that are known from outside: only what they signed counts, and those for which they vouch. */
  readonly keys?: readonly VerifierKey[];
  /** Witnesses whose cosignatures are looked for. */
  readonly witnesses?: readonly VerifierKey[];
  /** Checkpoints that the trail has to agree with. */
  readonly since?: readonly OutsideCheckpoint[];
}

/** How far a verification is. */
export interface VerifyProgress {
  /** Records that were looked at. */
  readonly done: number;
  /** Records that there are. */
  readonly total: number;
  /** Bytes of the records that were looked at, without what lies beside them. */
  readonly bytes: number;
}

/** What a verification found. */
export type VerifyTrailResult = {
  /** Records that were looked at, and those of which only the hash is there. */
  readonly shown: number;
  readonly withheld: number;
} & (
  | {
      readonly ok: true;
      readonly size: number;
      readonly root: Uint8Array;
      readonly checkpoints: VerifiedCheckpoints;
    }
  /** In the order of records, so that the first names the first wrong one; at most 100. */
  | { readonly ok: false; readonly problems: readonly TrailProblem[] }
);

/**
 * Recomputes a trail from its records and compares everything that is kept with it: canonical form, order, leaf hashes,
 * the tree's nodes, frontier and head, sealed values, that none is absent without an erasure, indexes, the list of open
 * intents, the texts of policies, and checkpoints with who signed them. Of a stretch of a trail, and of records that are
 * withheld, whatever is there; of an export, that it is what it says of itself.
 *
 * Whoever can write all of a store can rewrite it so that it is whole in itself: only a checkpoint that they do not hold
 * shows that (`since`).
 *
 * @throws {TrailUnavailableError} when the source cannot be read
 * @throws {RangeError} when the hashes beside a stretch are not as many as there are subtrees
 */
export async function verifyTrail(
  source: TrailSource,
  options: VerifyTrailOptions = {},
): Promise<VerifyTrailResult> {
  const problems = new Problems();
  const erasures = new Erasures(source);
  if (source.records !== undefined) await erasures.readAhead();
  const verification = new Verification(problems, { ...options, erasures, source });
  let page: TrailPage | undefined;
  for await (page of source.pages()) {
    await verification.addPage(page);
    const { done, bytes } = verification;
    options.onProgress?.({ done, bytes, total: Math.max(verification.total(page), done) });
    if (problems.isFull) break;
  }
  if (page === undefined) throw new TypeError("Cannot verify a trail without a single page");
  await verification.checkLate(source);
  if (!problems.any)
    for (const { seq, what, message } of page.end?.otherwise ?? []) problems.add(seq, what, message);
  const { withheld } = verification;
  const counts = { shown: verification.done - withheld, withheld };
  if (problems.any) return { ok: false, ...counts, problems: problems.sorted() };
  const { size, root } = page.head;
  return { ok: true, ...counts, size, root, checkpoints: verification.checkpoints };
}

interface VerificationOptions extends Omit<VerifyTrailOptions, "onProgress"> {
  readonly erasures: Erasures;
  readonly source: TrailSource;
}

class Verification {
  done = 0;
  bytes = 0;
  withheld = 0;
  readonly #problems: Problems;
  readonly #stretch: TrailStretch | undefined;
  readonly #sequence: SequenceCheck;
  readonly #tree: TreeCheck;
  readonly #erasures: Erasures;
  readonly #values: ValuesCheck;
  readonly #end: EndCheck;
  readonly #keys: KnownKeys;
  readonly #checkpoints: CheckpointCheck;
  readonly #since: readonly OutsideCheckpoint[];
  readonly #declared: DeclaredCheck | undefined;
  readonly #said: Declared | undefined;

  constructor(problems: Problems, options: VerificationOptions) {
    const { erasures, source, keys = [], witnesses = [], since = [] } = options;
    const { stretch, declared } = source;
    this.#problems = problems;
    this.#stretch = stretch;
    this.#said = declared;
    this.#declared = declared && new DeclaredCheck(problems, declared, stretch);
    this.#since = since;
    this.#sequence = new SequenceCheck(problems, stretch?.from);
    this.#tree = new TreeCheck(problems, this.#sequence, {
      stretch,
      watched: since.map(({ checkpoint }) => checkpoint.size),
    });
    this.#erasures = erasures;
    this.#values = new ValuesCheck(problems, erasures, source.sealedKinds);
    this.#end = new EndCheck(problems);
    this.#keys = new KnownKeys(problems, keys);
    const from = stretch?.from ?? 0;
    const tree = this.#tree;
    if (declared !== undefined && from > 0) this.#keys.declare(declared.keys, declared.vouches ?? []);
    this.#checkpoints = new CheckpointCheck({
      ...{ problems, tree, keys: this.#keys, witnesses, from, declared },
    });
  }

  get checkpoints(): VerifiedCheckpoints {
    return this.#checkpoints.result();
  }

  /** Compares the checkpoints of trees that were too long ago with the records, which takes another walk. */
  async checkLate(source: TrailSource): Promise<void> {
    const { late } = this.#checkpoints;
    if (late.length === 0 || this.#problems.any) return;
    const roots = await rootsAt(
      source,
      late.map(({ size }) => size),
    );
    for (const checkpoint of late) this.#checkpoints.compareRoot(checkpoint, roots.get(checkpoint.size));
  }

  /** How many records there are to look at. */
  total({ head }: TrailPage): number {
    return this.#stretch === undefined ? head.size : this.#stretch.to - this.#stretch.from;
  }

  async addPage(page: TrailPage): Promise<void> {
    for (const { seq, what, message } of page.problems ?? []) this.#problems.add(seq, what, message);
    this.#values.beginPage(page);
    this.#checkpoints.beginPage(page.checkpoints);
    const end = this.#stretch?.to ?? page.head.size;
    for (const row of page.rows) this.#addRow(row, end);
    this.#tree.endPage(page.nodes, end);
    this.done += page.rows.length;
    if (this.#hasEnd(page)) await this.#values.checkAbsent();
    if (page.end === undefined) {
      this.#values.endPage(Number.POSITIVE_INFINITY);
      this.#checkpoints.endPage(Number.POSITIVE_INFINITY);
      return;
    }
    this.#sequence.end();
    this.#checkLength(end);
    // Who signed the whole may have come on record after a part.
    if (this.#said !== undefined && end < page.head.size)
      this.#keys.declare(this.#said.keys, this.#said.vouches ?? []);
    this.#checkpoints.cover(page.head, page.end.covering ?? []);
    this.#tree.end(page.head, page.end.frontier);
    checkOutside(this.#since, page.head.size, {
      problems: this.#problems,
      tree: this.#tree,
      keys: this.#keys,
    });
    if (this.#sequence.shift !== 0) return;
    const known = Math.max(this.#sequence.next, end);
    this.#values.endPage(known);
    this.#checkpoints.endPage(known);
    this.#declared?.end(page.head.size);
    this.#checkpoints.end(page.head);
    this.#end.end(page.end, this.#sequence.next, known);
    if (!this.#hasEnd(page)) return;
    this.#values.end();
    this.#checkErasures();
  }

  /** Whether every erasure is there that may say why a value is not: none comes later, and none is ever withheld. */
  #hasEnd({ head }: TrailPage): boolean {
    return this.#stretch === undefined || this.#stretch.to === head.size;
  }

  #addRow({ seq, json, leaf }: TrailRow, end: number): void {
    if (json === null) {
      this.#addWithheld(seq, leaf, end);
      return;
    }
    const record = readRecord(json);
    this.bytes += json.length;
    this.#sequence.add(seq, record?.seq);
    const isInPlace = record !== undefined && seq - record.seq === this.#sequence.shift;
    if (record === undefined) {
      this.#problems.add(seq, "changed", `Record ${seq} is not the canonical JSON of a record`);
    } else if (isInPlace && Buffer.compare(leafHash(json), leaf) !== 0) {
      this.#problems.add(seq, "changed", `Record ${seq} does not hash to its leaf`);
    }
    if (isInPlace && this.#sequence.shift === 0) this.#checkpoints.add(seq, record);
    else this.#checkpoints.skip(seq);
    // Beyond the head there is no leaf.
    if (seq >= 0 && seq < end) this.#tree.add(leaf.length === 32 ? leaf : leafHash(json));
    if (record === undefined || !isInPlace || this.#sequence.shift !== 0) {
      this.#values.skip(seq);
      return;
    }
    this.#declared?.add(record);
    if (record.kind === "erasure") this.#erasures.meet(seq, json);
    this.#values.add(seq, json, record);
    this.#end.add(seq, record);
  }

  #addWithheld(seq: number, leaf: Uint8Array, end: number): void {
    this.withheld++;
    this.#declared?.addWithheld(seq);
    this.#sequence.add(seq, undefined);
    if (seq < end) this.#tree.add(leaf);
    this.#values.skip(seq);
    this.#checkpoints.skip(seq);
  }

  /** What explained that values are absent must be a record like others. */
  #checkErasures(): void {
    for (const seq of this.#erasures.notMet) {
      if (this.#problems.any) return;
      this.#problems.add(seq, "changed", `Erasure ${seq} was another one while the trail was read`);
    }
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
