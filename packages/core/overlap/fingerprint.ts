import { words } from "./_words.ts";

/** Enough for an estimate within 0.05; most emails have fewer shingles than this, and are compared exactly. */
export const MAX_HASHES = 256;

/** Longer emails are judged by their beginning. */
const MAX_LENGTH = 65_536;
/** Shorter words are mostly grammar. */
const MIN_WORD = 4;

/**
 * What an email is about, as a small sorted list of 32-bit numbers: the lowest hashes of its longer words and of its
 * pairs of neighbouring words (a bottom-k sketch, Broder 1997). Names in the greeting, numbers, case and blanks do
 * not count. Deterministic; compare with `similarity`.
 */
export function fingerprint(text: string): readonly number[] {
  const hashes = new Set<number>();
  let before: number | undefined;
  for (const word of words(text.slice(0, MAX_LENGTH))) {
    const hashed = hash(word);
    if (word.length >= MIN_WORD || isIdeograph(word)) hashes.add(mix(hashed));
    if (before !== undefined) hashes.add(mix(Math.imul(before, 0x9e3779b1) ^ hashed));
    before = hashed;
  }
  return [...hashes].sort((a, b) => a - b).slice(0, MAX_HASHES);
}

function isIdeograph(word: string): boolean {
  return word.length === 1 && word.charCodeAt(0) >= 0x2e80;
}

/** FNV-1a over UTF-16 codes. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h;
}

/** Spreads the bits (the finalizer of MurmurHash3), so that "lowest" means "any". */
function mix(hashed: number): number {
  let h = Math.imul(hashed ^ (hashed >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
