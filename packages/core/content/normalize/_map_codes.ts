/** Marks a UTF-16 code as one to leave as it is; the value that a fresh table holds. */
export const KEEP = 0;
/** Marks a UTF-16 code as one to remove. */
export const DROP = 1;

/** Says what to do with a code point above U+FFFF: `KEEP`, `DROP`, or the code to write instead. */
export type AstralRule = (codePoint: number) => number;

/** Rewrites a text code by code as `table` says; the same string if nothing changes. Linear. */
export function mapCodes(text: string, table: Uint16Array, astral: AstralRule): string {
  let out = "";
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const paired = code >= 0xd800 && code < 0xdc00 && i + 1 < text.length;
    const to = paired ? astral(text.codePointAt(i) ?? code) : (table[code] ?? KEEP);
    if (to !== KEEP) {
      out += text.slice(from, i);
      if (to !== DROP) out += String.fromCharCode(to);
      from = paired ? i + 2 : i + 1;
    }
    if (paired) i++;
  }
  return from === 0 ? text : out + text.slice(from);
}
