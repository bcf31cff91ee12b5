import { DROP, KEEP, mapCodes } from "./_map_codes.ts";

/** Inclusive ranges of UTF-16 codes that show nothing, or only decorate: controls, Cf, fillers, selectors, marks. */
const INVISIBLE: readonly (readonly [number, number])[] = [
  [0x00, 0x08],
  [0x0e, 0x1f],
  [0x7f, 0x84],
  [0x86, 0x9f],
  [0xad, 0xad],
  [0x300, 0x36f],
  [0x600, 0x605],
  [0x61c, 0x61c],
  [0x6dd, 0x6dd],
  [0x70f, 0x70f],
  [0x890, 0x891],
  [0x8e2, 0x8e2],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x1ab0, 0x1aff],
  [0x1dc0, 0x1dff],
  [0x200b, 0x200f],
  [0x202a, 0x202e],
  [0x2060, 0x206f],
  [0x20d0, 0x20ff],
  [0x3164, 0x3164],
  [0xfe00, 0xfe0f],
  [0xfe20, 0xfe2f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff0, 0xfffb],
];

/** Spaces that NFKC leaves alone, and line ends that are none in an email: line numbers stay what people count. */
const SPACES = [0x0b, 0x0c, 0x85, 0x1680, 0x2028, 0x2029, 0x2800];

const TABLE = new Uint16Array(0x10000);
for (const [first, last] of INVISIBLE) TABLE.fill(DROP, first, last + 1);
for (const code of SPACES) TABLE[code] = 0x20;

/** Removes what a reader does not see: zero-width and format characters, tags, variation selectors, stray marks. */
export function removeInvisible(text: string): string {
  return mapCodes(text, TABLE, dropAstral);
}

function dropAstral(codePoint: number): number {
  const tags = codePoint >= 0xe0000 && codePoint <= 0xe0fff;
  const musical = codePoint >= 0x1d173 && codePoint <= 0x1d17a;
  const shorthand = codePoint >= 0x1bca0 && codePoint <= 0x1bca3;
  const hieroglyph = codePoint >= 0x13430 && codePoint <= 0x1345f;
  const kaithi = codePoint === 0x110bd || codePoint === 0x110cd;
  return tags || musical || shorthand || hieroglyph || kaithi ? DROP : KEEP;
}
