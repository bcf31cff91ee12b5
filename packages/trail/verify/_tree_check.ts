import type { TrailEnd, TrailPage, TrailRow } from "../store/trail_source.ts";
import { coveringLevels, Frontier, leafHash, STORED_LEVELS, subtreeLevels } from "../tree/mod.ts";
import type { Check } from "./_check.ts";
import { RootHistory } from "./_root_history.ts";
import type { Walk } from "./_walk.ts";

/** Grows the tree again from the stored leaves, and compares it with the stored inner nodes, frontier and head. */
export class TreeCheck implements Check {
  readonly #walk: Walk;
  readonly #frontier: Frontier;
  readonly #history: RootHistory;
  /** By size; those that are not known yet are undefined. */
  readonly #watched: Map<number, Uint8Array | undefined>;
  /** Roots at the sizes at which the subtrees before a stretch end. */
  readonly #before = new Map<number, Uint8Array>();
  /** By level and index, of the page that is looked at. */
  #made = new Map<string, Uint8Array>();

  /** `watched`: sizes of which the root is wanted. */
  constructor(walk: Walk, watched: readonly number[]) {
    this.#walk = walk;
    this.#watched = new Map(watched.map((size) => [size, undefined]));
    // One after the other: on the way there is the root at each size that they end at.
    this.#frontier = new Frontier();
    this.#watch();
    const { from, stretch } = walk;
    const levels = coveringLevels(0, from);
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
    return !this.#walk.isBroken && this.#frontier.size === seq;
  }

  /** Root of the tree when it had this size; undefined: that is too long ago. */
  rootAt(size: number): Uint8Array | undefined {
    return this.#history.rootAt(size) ?? this.#before.get(size);
  }

  /** Root of the tree when it had a size that is watched; undefined: it never was whole then. */
  watchedRoot(size: number): Uint8Array | undefined {
    return this.#watched.get(size);
  }

  row({ seq, json, leaf }: TrailRow): void {
    const { isBroken, to } = this.#walk;
    // Beyond the head there is no leaf.
    if (isBroken || seq < 0 || seq >= to) return;
    this.#history.append(json === null || leaf.length === 32 ? leaf : leafHash(json), this.#keep);
    if (this.#watched.size > 0) this.#watch();
  }

  readonly #keep = (level: number, index: number, hash: Uint8Array): void => {
    if (STORED_LEVELS.includes(level)) this.#made.set(`${level}/${index}`, hash);
  };

  #watch(): void {
    const { size } = this.#frontier;
    if (this.#watched.has(size)) this.#watched.set(size, this.#frontier.root());
  }

  endPage({ nodes }: TrailPage): void {
    const { problems, to } = this.#walk;
    for (const { level, index } of nodes ?? []) {
      // What is stored of more records than there are would keep those from being appended.
      if (index >= 0 && (index + 1) * 2 ** level <= to) continue;
      const message = `The tree holds a hash of records that are not there (level ${level}, index ${index})`;
      problems.add(index < 0 ? null : Math.max(to, index * 2 ** level), "added", message);
    }
    const stored = new Map(nodes?.map(({ level, index, hash }) => [`${level}/${index}`, hash]));
    if (nodes !== undefined) for (const [key, hash] of this.#made) this.#compare(key, hash, stored.get(key));
    this.#made = new Map();
  }

  end({ frontier }: TrailEnd): void {
    const { problems, head, isBroken, to } = this.#walk;
    if (isBroken || this.#frontier.size !== to) return;
    this.#appendRest(head.size);
    const levels = subtreeLevels(head.size);
    if (frontier !== undefined && frontier.length !== levels.length) {
      if (!problems.any) problems.add(null, "changed", "The head's frontier is not of its size");
      return;
    }
    let from = 0;
    for (const [index, level] of levels.entries()) {
      const to = from + 2 ** level;
      if (frontier !== undefined && !isSame(frontier[index], this.#frontier.hashes[index]))
        this.#report(from, to);
      from = to;
    }
    if (problems.any || isSame(head.root, this.#frontier.root())) return;
    // With a frontier that the records make, it is the head itself that is wrong.
    if (frontier !== undefined) problems.add(null, "changed", "The head's root is not that of the records");
    else problems.add(null, "rewritten", "The records do not hash to the head's root");
  }

  /** Adds what follows a stretch. */
  #appendRest(size: number): void {
    const { to, stretch } = this.#walk;
    for (const [index, level] of coveringLevels(to, size).entries()) {
      this.#appendSubtree(level, stretch?.right[index]);
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
    const { problems, isBroken } = this.#walk;
    if (isBroken || problems.concern(from, to)) return;
    const records = to - from === 1 ? `Record ${from} does` : `Records ${from} to ${to - 1} do`;
    problems.add(from, "rewritten", `${records} not hash to what the tree holds of them`);
  }
}

function isSame(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a !== undefined && b !== undefined && Buffer.compare(a, b) === 0;
}
