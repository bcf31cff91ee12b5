import { decodeHTML } from "entities/decode";

const ESCAPES = /(?:%[0-9a-f]{2})+|\\u[0-9a-f]{4}|\\u\{[0-9a-f]{1,6}\}|\\x[0-9a-f]{2}/gi;
/** Octal (C), eight hexadecimal digits (Python), two and a blank (CSS): only in a row, since paths have the like. */
const ROWS = /(?:\\[0-3]?[0-7]{2}){3,}|(?:\\U000[0-9a-f]{5}){2,}|(?:\\[2-7][0-9a-f] ){4,}/gi;
const UTF8 = new TextDecoder();

/**
 * Decodes HTML entities (HTML Living Standard, also without semicolon), percent escapes (RFC 3986, as UTF-8) and
 * the `\u0041` and `\x41` of program text, each once. Decoded line ends become spaces, so that lines stay lines.
 */
export function decodeEscapes(text: string): string {
  let out = text;
  if (out.includes("&")) out = decodeHTML(out.replace(/&(?:#0*1[03]|#x0*[ad]|NewLine)(?![0-9a-z]);?/gi, " "));
  if (out.includes("%") || out.includes("\\")) out = out.replace(ESCAPES, decodeEscape);
  if (out.includes("\\")) out = out.replace(ROWS, decodeRow);
  return out;
}

function decodeEscape(code: string): string {
  return decode(code).replace(/[\r\n]/g, " ");
}

function decodeRow(row: string): string {
  const radix = /^\\[0-3]?[0-7]{2}(?:\\|$)/.test(row) ? 8 : 16;
  const codes = row.split("\\").filter((code) => code !== "");
  const points = codes.map((code) => Number.parseInt(code.replace(/^u/i, ""), radix));
  return points
    .map((point) => (point <= 0x10ffff ? String.fromCodePoint(point) : ""))
    .join("")
    .replace(/[\r\n]/g, " ");
}

function decode(code: string): string {
  if (code.startsWith("%")) {
    const bytes = new Uint8Array(code.length / 3);
    for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(code.slice(3 * i + 1, 3 * i + 3), 16);
    return UTF8.decode(bytes);
  }
  const codePoint = Number.parseInt(code.replace(/^\\[ux]\{?/i, ""), 16);
  return codePoint <= 0x10ffff ? String.fromCodePoint(codePoint) : code;
}
