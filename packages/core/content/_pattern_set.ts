import { RE2JS, RE2Set } from "re2js";

/** Fewer are quicker one by one: each looks first for a letter that it needs. */
const MIN_TOGETHER = 4;
/** Of the tables that one set builds while it reads; beyond, it reads without them. */
const MAX_TABLE_BYTES = 2_097_152;
/** Patterns of all sets that are kept; compiling again costs a third of a millisecond each. */
const MAX_KEPT = 2_000;
const MAX_SETS = 200;

/** A longer text is searched in windows for the place of what is known to be in it. */
const WINDOW = 8_192;
/** So much of a window is read again with the next one. */
const OVERLAP = 1_024;

/**
 * Patterns in RE2 syntax that are looked for together: one pass over a text tells which of them match, however many there
 * are. Linear in the text; policies are bounded in number and size of their patterns (`check_patterns.ts`).
 */
export class PatternSet {
  readonly #patterns: readonly RE2JS[];
  readonly #together: RE2Set | undefined;

  /** Throws what RE2JS throws when a pattern does not compile. */
  constructor(patterns: readonly string[]) {
    this.#patterns = patterns.map((pattern) => RE2JS.compile(pattern));
    if (patterns.length < MIN_TOGETHER) return;
    this.#together = new RE2Set(RE2Set.UNANCHORED, 0, MAX_TABLE_BYTES);
    for (const pattern of patterns) this.#together.add(pattern);
    this.#together.compile();
  }

  /** Of each pattern that is in the text, by its index: where it begins, as far as that is cheap to tell. */
  find(text: string): ReadonlyMap<number, number> {
    const matching = this.#matching(text);
    if (text.length <= 2 * WINDOW)
      return new Map(matching.map((index) => [index, this.#placeIn(index, text) ?? 0]));
    const found = new Map<number, number>();
    for (let start = 0; start < text.length && found.size < matching.length; start += WINDOW) {
      const window = text.slice(start, start + WINDOW + OVERLAP);
      for (const index of this.#matching(window)) {
        if (found.has(index) || !matching.includes(index)) continue;
        found.set(index, start + (this.#placeIn(index, window) ?? 0));
      }
    }
    // What is longer than a window is in the text all the same.
    return new Map(matching.map((index) => [index, found.get(index) ?? 0]));
  }

  #matching(text: string): readonly number[] {
    return (
      this.#together?.match(text) ?? [...this.#patterns.keys()].filter((i) => this.#patterns[i]?.test(text))
    );
  }

  #placeIn(index: number, text: string): number | undefined {
    const matcher = this.#patterns[index]?.matcher(text);
    return matcher?.find() ? matcher.start() : undefined;
  }
}

const kept = new Map<string, { readonly set: PatternSet; readonly size: number }>();
let keptPatterns = 0;

/** The set of these patterns, compiled once. Throws what RE2JS throws when one does not compile. */
export function patternSetOf(patterns: readonly string[]): PatternSet {
  const key = patterns.map((pattern) => `${pattern.length}:${pattern}`).join("");
  const known = kept.get(key);
  // Asked for again, it is the youngest.
  kept.delete(key);
  const entry = known ?? { set: new PatternSet(patterns), size: patterns.length };
  kept.set(key, entry);
  if (known === undefined) keptPatterns += entry.size;
  for (const [oldest, { size }] of kept) {
    if ((keptPatterns <= MAX_KEPT && kept.size <= MAX_SETS) || oldest === key) break;
    kept.delete(oldest);
    keptPatterns -= size;
  }
  return entry.set;
}
