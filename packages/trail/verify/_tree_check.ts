import type { TrailPage, TrailStretch } from "../store/trail_source.ts";
import { coveringLevels, Frontier, STORED_LEVELS, subtreeLevels } from "../tree/mod.ts";
import type { TreeHead } from "../tree/tree_head.ts";
import { RootHistory } from "./_root_history.ts";
import type { SequenceCheck } from "./_sequence_check.ts";
import type { Problems } from "./problems.ts";

/** Grows the tree again from the stored leaves, and compares it with the stored inner nodes, frontier and head. */
export class TreeCheck {
  readonly #problems: Problems;
  readonly #sequence: SequenceCheck;
  readonly #stretch: TrailStretch | undefined;
  readonly #frontier: Frontier;
  readonly #history: RootHistory;
  /** By size; those that are not known yet are undefined. */
  readonly #watched: Map<number, Uint8Array | undefined>;
  /** Roots at the sizes at which the subtrees before a stretch end. */
  readonly #before = new Map<number, Uint8Array>();
  /** By level and index, of the page that is looked at. */
  #made = new Map<string, Uint8Array>();

  /** `watched`: sizes of which the root is wanted. */
  constructor(
    problems: Problems,
    sequence: SequenceCheck,
    {
      stretch,
      watched = [],
    }: { readonly stretch?: TrailStretch | undefined; readonly watched?: readonly number[] } = {},
  ) {
    this.#problems = problems;
    this.#sequence = sequence;
    this.#stretch = stretch;
    this.#watched = new Map(watched.map((size) => [size, undefined]));
    // One after the other: on the way there is the root at each size that they end at.
    this.#frontier = new Frontier();
    this.#watch();
    const levels = coveringLevels(0, stretch?.from ?? 0);
    if (levels.length !== (stretch?.left.length ?? 0))
      throw new RangeError("Cannot verify a part: the hashes before it are not those of its place");
    for (const [index, level] of levels.entries()) {
      this.#appendSubtree(level, stretch?.left[index]);
      this.#before.set(this.#frontier.size, this.#frontier.root());
    }
    this.#history = new RootHistory(this.#frontier);
  }

  /** Whether the tree is over the records before `seq`, and nothing else. */
  knows(seq: number): boolean {
    return !this.#sequence.isBroken && this.#frontier.size === seq;
  }

  /** Root of the tree when it had this size; undefined: that is too long ago. */
  rootAt(size: number): Uint8Array | undefined {
    return this.#history.rootAt(size) ?? this.#before.get(size);
  }

  /** Root of the tree when it had a size that is watched; undefined: it never was whole then. */
  watchedRoot(size: number): Uint8Array | undefined {
    return this.#watched.get(size);
  }

  add(leaf: Uint8Array): void {
    if (this.#sequence.isBroken) return;
    this.#history.append(leaf, (level, index, hash) => {
      if (STORED_LEVELS.includes(level)) this.#made.set(`${level}/${index}`, hash);
    });
    if (this.#watched.size > 0) this.#watch();
  }

  #watch(): void {
    const { size } = this.#frontier;
    if (this.#watched.has(size)) this.#watched.set(size, this.#frontier.root());
  }

  /** `end`: how many records there are; what is stored of more would keep those from being appended. */
  endPage(nodes: TrailPage["nodes"], end: number): void {
    for (const { level, index } of nodes ?? []) {
      if (index >= 0 && (index + 1) * 2 ** level <= end) continue;
      const message = `The tree holds a hash of records that are not there (level ${level}, index ${index})`;
      this.#problems.add(index < 0 ? null : Math.max(end, index * 2 ** level), "added", message);
    }
    const stored = new Map(nodes?.map(({ level, index, hash }) => [`${level}/${index}`, hash]));
    if (nodes !== undefined) for (const [key, hash] of this.#made) this.#compare(key, hash, stored.get(key));
    this.#made = new Map();
  }

  end(head: TreeHead, frontier: readonly Uint8Array[] | undefined): void {
    if (this.#sequence.isBroken || this.#frontier.size !== (this.#stretch?.to ?? head.size)) return;
    this.#appendRest(head.size);
    const levels = subtreeLevels(head.size);
    if (frontier !== undefined && frontier.length !== levels.length) {
      if (!this.#problems.any) this.#problems.add(null, "changed", "The head's frontier is not of its size");
      return;
    }
    let from = 0;
    for (const [index, level] of levels.entries()) {
      const to = from + 2 ** level;
      if (frontier !== undefined && !isSame(frontier[index], this.#frontier.hashes[index]))
        this.#report(from, to);
      from = to;
    }
    if (this.#problems.any || isSame(head.root, this.#frontier.root())) return;
    // With a frontier that the records make, it is the head itself that is wrong.
    if (frontier !== undefined)
      this.#problems.add(null, "changed", "The head's root is not that of the records");
    else this.#problems.add(null, "rewritten", "The records do not hash to the head's root");
  }

  /** Adds what follows a stretch. */
  #appendRest(size: number): void {
    const { to, right } = this.#stretch ?? { to: size, right: [] };
    for (const [index, level] of coveringLevels(to, size).entries()) {
      this.#appendSubtree(level, right[index]);
    }
  }

  #appendSubtree(level: number, hash: Uint8Array | undefined): void {
    if (hash === undefined) throw new RangeError("Cannot verify a part: a hash beside it is missing");
    this.#frontier.appendSubtree(level, hash);
    this.#watch();
  }

  #compare(key: string, made: Uint8Array, stored: Uint8Array | undefined): void {
    const [level, index] = key.split("/").map(Number) as [number, number];
    if (!isSame(made, stored)) this.#report(index * 2 ** level, (index + 1) * 2 ** level);
  }

  #report(from: number, to: number): void {
    if (this.#sequence.isBroken || this.#problems.concern(from, to)) return;
    const records = to - from === 1 ? `Record ${from} does` : `Records ${from} to ${to - 1} do`;
    this.#problems.add(from, "rewritten", `${records} not hash to what the tree holds of them`);
  }
}

function isSame(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a !== undefined && b !== undefined && Buffer.compare(a, b) === 0;
}
