import { KEEP, mapCodes } from "./_map_codes.ts";

/** Zero of every decimal digit block below U+10000 (Unicode Nd); the other nine follow it. */
const ZEROS = [
  0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0,
  0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50,
  0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10,
];

/** The same above U+FFFF; the mathematical digits are gone after NFKC. */
const ASTRAL_ZEROS = [
  0x104a0, 0x10d30, 0x10d40, 0x11066, 0x110f0, 0x11136, 0x111d0, 0x112f0, 0x11450, 0x114d0, 0x11650, 0x116c0,
  0x116d0, 0x116da, 0x11730, 0x118e0, 0x11950, 0x11bf0, 0x11c50, 0x11d50, 0x11da0, 0x11de0, 0x11f50, 0x16130,
  0x16a60, 0x16ac0, 0x16b50, 0x16d70, 0x1ccf0, 0x1e140, 0x1e2f0, 0x1e4f0, 0x1e5f1, 0x1e950, 0x1fbf0,
];

/** Characters that look like an ASCII one (UTS #39 confusables, the part that keys and numbers can be made of). */
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  A: "ΑАᎪꓮ",
  B: "ΒВᏴꓐ",
  C: "СϹᏟꓚ",
  D: "Ꭰꓓ",
  E: "ΕЕᎬꓰ",
  F: "Ϝꓝ",
  G: "ԌᏀꓖ",
  H: "ΗНᎻꓧ",
  I: "ΙІӀᏆꓲ",
  J: "ЈᎫꓙͿ",
  K: "ΚКᏦꓗ",
  L: "Ꮮꓡ",
  M: "ΜМᎷꓟϺ",
  N: "Νꓠ",
  O: "ΟОՕꓳ",
  P: "ΡРᏢꓑ",
  Q: "Ԛ",
  R: "Ꭱꓣ",
  S: "ЅᏚꓢՏ",
  T: "ΤТᎢꓔ",
  U: "Սꓴ",
  V: "ѴᏙꓦ",
  W: "ԜᏔꓪ",
  X: "ΧХꓫ",
  Y: "ΥҮУꓬ",
  Z: "ΖᏃꓜ",
  a: "аɑα",
  b: "Ьᖯ",
  c: "сϲᴄ",
  d: "ԁᏧ",
  e: "еҽ℮",
  f: "ք",
  g: "ɡցԍ",
  h: "һհᏂ",
  i: "іıιɩ",
  j: "јϳ",
  k: "κкᴋ",
  l: "ӏ",
  m: "мᴍ",
  n: "ոռη",
  o: "оοօσᴏ",
  p: "рρ",
  q: "ԛգ",
  r: "гᴦ",
  s: "ѕꜱ",
  t: "тτᴛ",
  u: "υսᴜʋ",
  v: "νѵᴠ",
  w: "ԝᴡաω",
  x: "хχ",
  y: "уγүყ",
  z: "ᴢ",
  "0": "〇⓿",
  "1": "❶➀➊一",
  "2": "❷➁➋二",
  "3": "❸➂➌三",
  "4": "❹➃➍四",
  "5": "❺➄➎五",
  "6": "❻➅➏六",
  "7": "❼➆➐七",
  "8": "❽➇➑八",
  "9": "❾➈➒九",
  "-": "‐‑‒–—―−⁃﹘➖ー⸺⸻",
  _: "‗ˍ",
  "/": "⁄∕╱⧸",
  ".": "·•‧∙⋅。",
  "|": "│┃¦ǀ∣",
  "'": "‘’‛′",
  '"': "“”‟″",
  "*": "∗⁎",
  ":": "∶",
  "@": "﹫",
};

const TABLE = new Uint16Array(0x10000);
for (const zero of ZEROS) for (let digit = 0; digit < 10; digit++) TABLE[zero + digit] = 0x30 + digit;
for (const [ascii, others] of Object.entries(LOOK_ALIKES)) {
  for (const other of others) TABLE[other.charCodeAt(0)] = ascii.charCodeAt(0);
}

/** Writes look-alike letters, the digits of all scripts and the many dashes as the ASCII characters they resemble. */
export function fold(text: string): string {
  return mapCodes(text, TABLE, foldAstral);
}

function foldAstral(codePoint: number): number {
  for (const zero of ASTRAL_ZEROS) {
    if (codePoint >= zero && codePoint < zero + 10) return 0x30 + codePoint - zero;
  }
  return KEEP;
}
