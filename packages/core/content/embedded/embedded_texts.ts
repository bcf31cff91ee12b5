import { lineAt } from "../line_at.ts";
import { type Survey, weightOfGroup } from "../survey/survey.ts";
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
const MIN_CODES = 9;
const MIN_GROUPS = 5;
/** Characters of base64 that tell text from other data. */
const PROBE = 88;
const MAX_BYTES = 4_000_000;

/** Lines that are long enough to have been wrapped go together. */
const BASE64 = /[A-Za-z0-9+/_-]{48,}(?:\r?\n[ \t>]*[A-Za-z0-9+/_-]{2,})*|[A-Za-z0-9+/_-]{20,}/g;
const HEX = /(?<![0-9a-z])(?:(?:0x)?[0-9a-f]{2}[ :,;-]{0,2}){13,}/gi;
const SOFT_BREAK = /=\r?\n/g;
const QUOTED_PRINTABLE = /(?:=[0-9A-F]{2}){2}|=\r?\n|(?:=[0-9A-F]{2}[^=]{0,40}){6}|\d=(?:3\d|2D)\d/i;
/** Characters as their decimal codes, `52 49 49 49`, and in binary. */
const CODES = /(?<![\d.,])(?:(?:3[2-9]|[4-9]\d|1[01]\d|12[0-6])[ ,;]{1,2}){8,}\d{2,3}(?![\d.])/g;
const BITS = /(?<!\d)(?:[01]{8}[ ,]{0,2}){9,}/g;

/** Groups of one length that base64 or hexadecimal is divided into, and a shorter rest. */
const MAX_GROUP = 44;
const TOKEN = /[A-Za-z0-9+/_]+/g;
const BETWEEN = /^(?:[ \t,;:.|>-]{1,3}|[ \t,;:.|]{0,2}\r?\n[ \t>|*-]{0,6})$/;

/**
 * Texts that are hidden in base64, hexadecimal or quoted-printable (RFC 2045), decoded once; decoded data that is
 * no text is left out. Linear.
 */
export function embeddedTexts({
  text,
  longestToken,
  longestPairs,
  groups,
  chains,
  equals,
}: Survey): readonly EmbeddedText[] {
  const found: EmbeddedText[] = [];
  if (longestToken >= MIN_BASE64) found.push(...decodeAll(text, BASE64, fromBase64));
  if (longestToken >= MIN_BASE64 || longestPairs >= MIN_PAIRS - 1)
    found.push(...decodeAll(text, HEX, fromHex));
  if (chains.some((chain) => chain.length >= MIN_CODES)) found.push(...decodeAll(text, CODES, fromCodes));
  if (groups >= MIN_GROUPS) found.push(...fromGroups(text), ...decodeAll(text, BITS, fromBits));
  if (equals > 0) {
    const plain = fromQuotedPrintable(text);
    if (plain !== text) found.push({ line: 1, text: plain });
  }
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
 * its first line; UTF-16 may seem to be text in two of them. Its last line may be a word that follows, so it is read without that one as well.
 */
function fromBase64(run: string): string | undefined {
  const found: string[] = [];
  const line = run.split("\n", 1)[0] ?? "";
  for (let phase = 0; phase < 4; phase++) {
    const probe = decodeBase64(trimToQuads(line.slice(phase, phase + PROBE)), PROBE);
    if (probe === undefined || !isMostlyText(probe)) continue;
    const runs = run === line ? [run] : [run, run.slice(0, run.lastIndexOf("\n"))];
    found.push(...runs.map((part) => textOf(part.slice(phase))));
  }
  if (found.length === 0 && run.includes("-")) return fromBase64(run.replaceAll("-", ""));
  return found.length === 0 ? undefined : found.join("\n".repeat(8));
}

/** What groups of one length are when they are put together: base64, or hexadecimal. Linear. */
function fromGroups(text: string): readonly EmbeddedText[] {
  const found: EmbeddedText[] = [];
  let groups: string[] = [];
  let start = 0;
  let line = 1;
  let counted = 0;
  let end = -1;
  const finish = (rest: string): void => {
    const [first = ""] = groups;
    const whole = groups.join("");
    if (groups.length * weightOfGroup(first.length) >= MIN_GROUPS && whole.length >= MIN_BASE64) {
      // A shorter word that follows is the rest, or a word.
      const runs = rest !== "" && rest.length < first.length ? [whole + rest, whole] : [whole];
      const decoded = runs.map(
        (run) => (/^[0-9a-f]+$/i.test(run) ? fromHex(run) : undefined) ?? fromBase64(run),
      );
      const known = decoded.find((text) => text !== undefined);
      if (known !== undefined) {
        line += lineAt(text.slice(counted, start), start - counted) - 1;
        counted = start;
        found.push({ line, text: known });
      }
    }
    groups = [];
  };
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    const near = end >= 0 && index - end <= 10 && BETWEEN.test(text.slice(end, index));
    if (!near || token.length !== groups[0]?.length) {
      finish(near ? token : "");
      start = index;
    }
    end = index + token.length;
    if (weightOfGroup(token.length) > 0 && token.length <= MAX_GROUP) groups.push(token);
  }
  finish("");
  return found;
}

function fromCodes(run: string): string {
  return String.fromCharCode(
    ...run
      .split(/[ ,;]+/)
      .slice(0, MAX_CODES)
      .map(Number),
  );
}

function fromBits(run: string): string | undefined {
  const bytes = (run.match(/[01]{8}/g) ?? []).slice(0, MAX_CODES).map((bits) => Number.parseInt(bits, 2));
  return isMostlyText(Uint8Array.from(bytes)) ? String.fromCharCode(...bytes) : undefined;
}

/** As many as one call takes as arguments; a run that is longer is no number or key. */
const MAX_CODES = 5_000;

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
  const joined = text.replace(SOFT_BREAK, "");
  // A link's parameters look like codes: one alone is none.
  if (!QUOTED_PRINTABLE.test(joined)) return joined;
  return joined.replace(/=([0-9A-F]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
