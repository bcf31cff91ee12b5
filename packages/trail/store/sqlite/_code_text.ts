import { phraseTree } from "./_phrase_tree.ts";
import { CODES, LISTS } from "./_phrases.ts";

/**
 * A record's JSON in a fifth of its bytes: what records have in common as one byte or two, hashes, times and ids as their
 * bytes, the rest as it is. The text is cut at its quotation marks, so that what comes out is what went in, whatever it is.
 * Not deflated: that takes four times as long, and gives no less, since most of what is left are hashes.
 */

/** More than any record has, in characters: a few bytes put into the database do not fill memory. */
const MAX_CHARS = 4 * 1024 * 1024;

/** Of `LISTS`: phrases from here on, one byte each, then as `MORE` and another byte. */
const FIRST = 0x20;
const MORE = 0x1f;
/** How many bytes come then, up to `LONGEST`; or as two more bytes say. */
const SHORT = 0xe0;
const LONGEST = 30;
const LONG = 0xff;
const MAX_LONG = 0xffff;
/** One of the words that the reader has. */
const WORD = 0x10;
const MAX_WORDS = MORE - WORD;
/** Bytes in another form than UTF-8. */
const HASH = 1;
const TIME = 2;
const UUID = 3;
/** How many bytes follow. */
const COUNTS: Readonly<Record<number, number>> = { [HASH]: 32, [TIME]: 6, [UUID]: 16, [MORE]: 1 };

const QUOTE = '"';
const QUOTE_CODE = 0x22;
const DASH_CODE = 0x2d;
/** No phrase has it. */
const NO_ASCII = 0xff;
/** The value of a hexadecimal digit by its character; -1: it is none. */
const DIGITS = Int8Array.from({ length: 256 }, (_, code) =>
  "0123456789abcdef".indexOf(String.fromCharCode(code)),
);
const HASH_LENGTH = 64;
const UUID_LENGTH = 36;
const TIME_LENGTH = 24;
const TIME_TEXT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const MAX_TIME = 2 ** 48;

const PHRASES: readonly string[] = LISTS.flat();
/** As they lie behind another part. */
const QUOTED: readonly string[] = PHRASES.map((phrase) => QUOTE + phrase);
const TREE = phraseTree(PHRASES);
/** What is part of any phrase. */
const PARTS = new Set(PHRASES.flatMap((phrase) => phrase.split(QUOTE)));

/** A text in UTF-8, and what is written of it: nothing is made for a text, or for a part of it, but the bytes that are returned. */
let source = Buffer.allocUnsafe(16 * 1024);
let target = Buffer.allocUnsafe(16 * 1024);

/**
 * The text in few bytes, where `words` (at most 15) that are between two quotation marks are one byte each: whoever reads it
 * has them, behind these bytes. Undefined: it cannot be written so, being ill-formed Unicode or long.
 */
export function codeText(
  text: string,
  words: readonly (string | null)[],
  first: readonly number[] = [],
): Uint8Array | undefined {
  if (text.length > MAX_CHARS || !text.isWellFormed()) return undefined;
  const length = takeSource(text);
  // A part is as long as its quotation mark at least, and has two bytes more than in UTF-8 at most.
  if (target.length < first.length + 8 + 2 * length)
    target = Buffer.allocUnsafe(first.length + 8 + 2 * length);
  const { bytes, ends, phrases, rows, next } = TREE;
  let end = 0;
  for (const byte of first) target[end++] = byte;
  target[end++] = LISTS.length;
  for (let from = 0; from <= length; ) {
    // The longest phrase that is there as whole parts.
    let phrase = -1;
    let after = from;
    let branch = next[source[from] as number] as number;
    for (let place = from; branch !== 0; ) {
      const branchEnd = ends[branch] as number;
      let at = ends[branch - 1] as number;
      while (at < branchEnd && bytes[at] === source[place]) {
        at++;
        place++;
      }
      if (at < branchEnd || place > length) break;
      const following = source[place] as number;
      if (following === QUOTE_CODE && (phrases[branch] as number) >= 0) {
        phrase = phrases[branch] as number;
        after = place;
      }
      branch = next[(rows[branch] as number) + following] as number;
    }
    if (phrase >= CODES) {
      target[end++] = MORE;
      target[end++] = phrase - CODES;
    } else if (phrase >= 0) {
      target[end++] = FIRST + phrase;
    } else {
      while (source[after] !== QUOTE_CODE) after++;
      const word = wordAt(from, after, words);
      if (word >= 0) target[end++] = WORD + word;
      else end = writePart(from, after, end);
      if (end < 0) return undefined;
    }
    from = after + 1;
  }
  const coded = Buffer.allocUnsafe(end);
  target.copy(coded, 0, 0, end);
  return coded;
}

/** Makes `source` the text, with a quotation mark at its end, behind which no phrase goes on, and returns its length. */
function takeSource(text: string): number {
  if (source.length < 3 * text.length + 2) source = Buffer.allocUnsafe(3 * text.length + 2);
  const length = source.write(text);
  source[length] = QUOTE_CODE;
  source[length + 1] = NO_ASCII;
  return length;
}

/** The place of a part of `source` among the words; -1: it is none. */
function wordAt(from: number, to: number, words: readonly (string | null)[]): number {
  for (let place = 0; place < words.length && place < MAX_WORDS; place++) {
    const word = words[place];
    if (typeof word === "string" && isPart(word, from, to)) return place;
  }
  return -1;
}

function isPart(word: string, from: number, to: number): boolean {
  if (word.length > to - from) return false;
  for (let index = 0; index < word.length; index++) {
    const code = word.charCodeAt(index);
    if (code >= 0x80) return source.toString("utf8", from, to) === word;
    if (code !== source[from + index]) return false;
  }
  return word.length === to - from;
}

/** Writes a part of `source` from `end` on, and returns where it ends; -1: it is too long. */
function writePart(from: number, to: number, end: number): number {
  const length = to - from;
  if (length === HASH_LENGTH) {
    const next = writeHex(from, to, end + 1);
    if (next > 0) {
      target[end] = HASH;
      return next;
    }
  }
  if (length === UUID_LENGTH) {
    const next = writeUuid(from, end + 1);
    if (next > 0) {
      target[end] = UUID;
      return next;
    }
  }
  if (length === TIME_LENGTH && source[from + 4] === DASH_CODE) {
    const text = source.toString("latin1", from, to);
    const time = TIME_TEXT.test(text) ? Date.parse(text) : -1;
    if (time >= 0 && time < MAX_TIME && new Date(time).toISOString() === text) {
      target[end] = TIME;
      return target.writeUIntBE(time, end + 1, 6);
    }
  }
  if (length <= LONGEST) {
    target[end] = SHORT + length;
    for (let at = from, next = end + 1; at < to; at++, next++) target[next] = source[at] as number;
    return end + 1 + length;
  }
  if (length > MAX_LONG) return -1;
  target[end] = LONG;
  target.writeUInt16BE(length, end + 1);
  return end + 3 + source.copy(target, end + 3, from, to);
}

/** Writes hexadecimal digits of `source` as bytes from `end` on, and returns where they end; -1: they are none. */
function writeHex(from: number, to: number, end: number): number {
  let next = end;
  for (let at = from; at < to; at += 2) {
    const high = DIGITS[source[at] as number] as number;
    const low = DIGITS[source[at + 1] as number] as number;
    if (high < 0 || low < 0) return -1;
    target[next++] = (high << 4) | low;
  }
  return next;
}

/** Where the digits of a UUID lie in it, between its dashes. */
const UUID_DIGITS: readonly (readonly [from: number, to: number])[] = [
  [0, 8],
  [9, 13],
  [14, 18],
  [19, 23],
  [24, 36],
];

function writeUuid(start: number, end: number): number {
  let next = end;
  for (const [from, to] of UUID_DIGITS) {
    if (to < UUID_LENGTH && source[start + to] !== DASH_CODE) return -1;
    next = writeHex(start + from, start + to, next);
    if (next < 0) return -1;
  }
  return next;
}

/**
 * The text that `codeText` wrote from `start` on, with the same words.
 *
 * @throws {Error} when the bytes are none that it writes
 */
export function readCode(buffer: Buffer, start: number, words: readonly (string | null)[]): string {
  const list = buffer[start] ?? 0;
  if (list < 1 || list > LISTS.length) throw new Error(`its list of phrases must be 1 to ${LISTS.length}`);
  // Parts are cut out of it: one text costs as much as one part.
  const letters = buffer.toString("latin1");
  let text = "";
  for (let at = start + 1; at < buffer.length; ) {
    const isFirst = at === start + 1;
    const code = buffer[at++] as number;
    if (code >= FIRST && code < SHORT) text += (isFirst ? PHRASES : QUOTED)[code - FIRST];
    else {
      let part: string | null | undefined;
      const count = code === LONG ? 2 : code >= SHORT ? code - SHORT : (COUNTS[code] ?? 0);
      let from = at;
      at = endIn(buffer, at + count);
      if (code === LONG) {
        from = at;
        at = endIn(buffer, at + buffer.readUInt16BE(at - 2));
      }
      if (code >= SHORT)
        part = isAscii(buffer, from, at) ? letters.slice(from, at) : buffer.toString("utf8", from, at);
      else if (code >= WORD && code < MORE) part = words[code - WORD];
      else if (code === MORE) part = PHRASES[CODES + (buffer[from] as number)];
      else if (code === HASH) part = buffer.toString("hex", from, at);
      else if (code === TIME) part = new Date(buffer.readUIntBE(from, 6)).toISOString();
      else if (code === UUID) part = uuidText(buffer.toString("hex", from, at));
      if (part === null || part === undefined) throw new Error(`it has a byte ${code} that says nothing`);
      text += isFirst ? part : QUOTE + part;
    }
    if (text.length > MAX_CHARS) throw new Error("it is longer than any record");
  }
  return text;
}

function endIn(buffer: Buffer, end: number): number {
  if (end > buffer.length) throw new Error("its end is missing");
  return end;
}

function isAscii(buffer: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if ((buffer[at] as number) >= 0x80) return false;
  return true;
}

/**
 * The bytes by which what is between two quotation marks is found in what `codeText` wrote, if it is there and none of the
 * words; none: it may be there in another form.
 */
export function codeOf(part: string): Uint8Array {
  if (PARTS.has(part) || part.includes(QUOTE)) return new Uint8Array();
  return codeText(part, [])?.subarray(1) ?? new Uint8Array();
}

function uuidText(hex: string): string {
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
