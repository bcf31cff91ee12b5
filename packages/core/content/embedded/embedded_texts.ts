import { lineAt } from "../_line_at.ts";
import type { Survey } from "../survey/survey.ts";
import { decodeBase64 } from "./decode_base64.ts";
import { decodeText, isMostlyText } from "./decode_text.ts";

/** A text found in encoded form inside another. */
export interface EmbeddedText {
  /** Line in which its encoded form begins, from 1. */
  readonly line: number;
  readonly text: string;
}

/** Shortest encoded text worth reading: a card in base64 has 20 characters and more, in hexadecimal 26 and more. */
const MIN_BASE64 = 20;
const MIN_PAIRS = 13;
/** Characters of base64 that tell text from other data. */
const PROBE = 88;
const MAX_BYTES = 4_000_000;

/** Lines that are long enough to have been wrapped go together. */
const BASE64 = /[A-Za-z0-9+/_-]{48,}(?:\r?\n[ \t>]*[A-Za-z0-9+/_-]{2,})*|[A-Za-z0-9+/_-]{20,}/g;
const HEX = /(?<![0-9a-z])(?:(?:0x)?[0-9a-f]{2}[ :,;-]{0,2}){13,}/gi;
const QUOTED_PRINTABLE = /(?:=[0-9A-F]{2}|=\r?\n){2}|(?:=[0-9A-F]{2}[^=]{0,40}){6}/;

/**
 * Texts that are hidden in base64, hexadecimal or quoted-printable (RFC 2045), decoded once; decoded data that is
 * no text is left out. Linear.
 */
export function embeddedTexts({ text, longestToken, longestPairs, equals }: Survey): readonly EmbeddedText[] {
  const found: EmbeddedText[] = [];
  if (longestToken >= MIN_BASE64) found.push(...decodeAll(text, BASE64, fromBase64));
  if (longestToken >= MIN_BASE64 || longestPairs >= MIN_PAIRS - 1)
    found.push(...decodeAll(text, HEX, fromHex));
  if (equals > 1 && QUOTED_PRINTABLE.test(text)) found.push({ line: 1, text: fromQuotedPrintable(text) });
  return found;
}

function decodeAll(
  text: string,
  pattern: RegExp,
  decode: (run: string) => string | undefined,
): readonly EmbeddedText[] {
  const found: EmbeddedText[] = [];
  let line = 1;
  let counted = 0;
  for (const { 0: run, index } of text.matchAll(pattern)) {
    line += lineAt(text.slice(counted, index), index - counted) - 1;
    counted = index;
    const decoded = decode(run);
    if (decoded !== undefined) found.push({ line, text: decoded });
  }
  return found;
}

/**
 * The run may begin with something else that is made of the same characters, so each of the four phases is tried on
 * its first line. Its last line may be a word that follows, so it is read without that one as well.
 */
function fromBase64(run: string): string | undefined {
  const line = run.split("\n", 1)[0] ?? "";
  for (let phase = 0; phase < 4; phase++) {
    const probe = decodeBase64(trimToQuads(line.slice(phase, phase + PROBE)), PROBE);
    if (probe === undefined || !isMostlyText(probe)) continue;
    const runs = run === line ? [run] : [run, run.slice(0, run.lastIndexOf("\n"))];
    return runs.map((part) => textOf(part.slice(phase))).join("\n".repeat(8));
  }
  return undefined;
}

function textOf(run: string): string {
  return decodeText(decodeBase64(trimToQuads(run), MAX_BYTES) ?? new Uint8Array());
}

/** A last single character holds no byte. */
function trimToQuads(run: string): string {
  const solid = run.replace(/[\s>]+/g, "");
  return solid.length % 4 === 1 ? solid.slice(0, -1) : solid;
}

function fromHex(run: string): string | undefined {
  const digits = run.replace(/0x|[^0-9a-f]/gi, "");
  const bytes = new Uint8Array(Math.min(digits.length >> 1, MAX_BYTES));
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16);
  return bytes.length >= MIN_PAIRS && isMostlyText(bytes) ? decodeText(bytes) : undefined;
}

function fromQuotedPrintable(text: string): string {
  const joined = text.replace(/=\r?\n/g, "");
  return joined.replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
