import type { TlogPolicy, VerifierKey } from "../checkpoint/mod.ts";
import { readRecord } from "../record/read_record.ts";
import type { TrailProblem } from "../store/trail_problem.ts";
import type { TrailPage, TrailSource } from "../store/trail_source.ts";
import type { Check } from "./_check.ts";
import { CheckpointCheck } from "./_checkpoint_check.ts";
import { DeclaredCheck } from "./_declared_check.ts";
import { Erasures } from "./_erasures.ts";
import { KeyCheck } from "./_key_check.ts";
import { LateCheck } from "./_late_check.ts";
import { LeafCheck } from "./_leaf_check.ts";
import { LeftoverCheck } from "./_leftover_check.ts";
import { LISTS, ListCheck } from "./_list_check.ts";
import { OutsideCheck, type OutsideCheckpoint } from "./_outside_check.ts";
import { PolicyCheck } from "./_policy_check.ts";
import { SequenceCheck } from "./_sequence_check.ts";
import { SignatureTally, type VerifiedCheckpoints } from "./_signature_tally.ts";
import { SourceCheck } from "./_source_check.ts";
import { TreeCheck } from "./_tree_check.ts";
import { TrustCheck } from "./_trust_check.ts";
import { ValuesCheck } from "./_values_check.ts";
import { Walk } from "./_walk.ts";
import { KnownKeys } from "./known_keys.ts";

/** How to verify. */
export interface VerifyTrailOptions {
  /** Called after every page. */
  readonly onProgress?: (progress: VerifyProgress) => void;
  /** Keys that are known from outside: only what they signed counts, and those for which they vouch. */
  readonly keys?: readonly VerifierKey[];
  /** Witnesses whose cosignatures are looked for. */
  readonly witnesses?: readonly VerifierKey[];
  /** What makes a checkpoint count, besides `keys` and `witnesses`, to which its own are added. One has to fulfil it. */
  readonly policy?: TlogPolicy | undefined;
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
  const walk = new Walk(source);
  const { problems } = walk;
  const { policy } = options;
  const keys = new KnownKeys(problems, distinct([...(options.keys ?? []), ...(policy?.logs ?? [])]));
  const witnesses = distinct([...(options.witnesses ?? []), ...(policy?.witnesses ?? [])]);
  const tally = new SignatureTally(walk, { keys, witnesses, policy });
  const erasures = new Erasures(source);
  if (source.records !== undefined) await erasures.readAhead();
  const checks = checksInOrder(walk, { keys, tally, erasures, outside: options.since ?? [] });

  let page: TrailPage | undefined;
  for await (page of source.pages()) {
    walk.head = page.head;
    for (const check of checks) check.beginPage?.(page);
    for (const row of page.rows) {
      const record = row.json === null ? undefined : readRecord(row.json);
      walk.count(row);
      for (const check of checks) check.row?.(row, record);
    }
    for (const check of checks) await check.endPage?.(page);
    const { done, bytes, total } = walk;
    options.onProgress?.({ done, bytes, total: Math.max(total, done) });
    if (problems.isFull) break;
  }
  if (page === undefined) throw new TypeError("Cannot verify a trail without a single page");
  const { end } = page;
  if (end !== undefined) {
    for (const check of checks) check.end?.(end);
    // What lies beside rows that are shifted is not theirs, which says nothing new.
    if (walk.shift === 0) for (const check of checks) await check.settle?.(end);
    tally.checkPolicy();
  }

  const { done, withheld } = walk;
  const counts = { shown: done - withheld, withheld };
  if (problems.any) return { ok: false, ...counts, problems: problems.sorted() };
  const { size, root } = walk.head;
  return { ok: true, ...counts, size, root, checkpoints: tally.result() };
}

/** Each key once. */
function distinct(keys: readonly VerifierKey[]): readonly VerifierKey[] {
  return [...new Map(keys.map((key) => [key.text, key])).values()];
}

interface ChecksOptions {
  readonly keys: KnownKeys;
  readonly tally: SignatureTally;
  readonly erasures: Erasures;
  readonly outside: readonly OutsideCheckpoint[];
}

/** What is checked. What one finds wrong often explains what the next ones see, which then keep silent. */
function checksInOrder(walk: Walk, { keys, tally, erasures, outside }: ChecksOptions): readonly Check[] {
  const tree = new TreeCheck(
    walk,
    outside.map(({ checkpoint }) => checkpoint.size),
  );
  const checkpoints = new CheckpointCheck(walk, { tree, keys, tally });
  return [
    // The records themselves: all that follow ask whether one is in its place.
    new SequenceCheck(walk),
    new LeafCheck(walk),
    // Those who sign, then what they signed: by the keys of the records before it, of the tree as it was before its record.
    new KeyCheck(walk, keys),
    checkpoints,
    // A hash over many records tells least of which one is wrong.
    tree,
    new OutsideCheck(walk, { outside, tree, keys }),
    // What lies beside records that are not there, and what an export says of those that are.
    new LeftoverCheck(walk),
    ...(walk.declared === undefined ? [] : [new DeclaredCheck(walk, walk.declared)]),
    // That nobody signed an export counts only if it is otherwise as it says.
    new TrustCheck(walk, { checkpoints, keys, tally }),
    // What is kept of records besides: lists, texts, values, and under what they are found.
    ...LISTS.map((list) => new ListCheck(walk, list)),
    new PolicyCheck(walk),
    new ValuesCheck(walk, erasures),
    // Takes another walk, which is for nothing if anything is wrong already.
    new LateCheck(walk, checkpoints),
    // Some of what the source found wrong itself counts only if nothing else says it better.
    new SourceCheck(walk),
  ];
}
