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
const HASH_TEXT = /^[\da-f]{64}$/;
const UUID_TEXT = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;
const TIME_TEXT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const MAX_TIME = 2 ** 48;

/** A part of phrases that none leaves in between, and how they go on: by the next character. */
interface Branch {
  readonly text: string;
  /** Of the phrase that ends here; -1: none does. */
  readonly code: number;
  readonly next: readonly (Branch | undefined)[];
}

const PHRASES: readonly string[] = LISTS.flat();
const START = branchesOf(
  PHRASES.map((phrase, code) => ({ phrase, code })),
  0,
);
/** What is part of any phrase. */
const PARTS = new Set(PHRASES.flatMap((phrase) => phrase.split(QUOTE)));

let scratch = Buffer.allocUnsafe(16 * 1024);

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
  // A part is as long as its quotation mark at least, and has three bytes more than its characters at most.
  const most = 8 + first.length + text.length * 4;
  if (scratch.length < most) scratch = Buffer.allocUnsafe(most);
  let end = 0;
  for (const byte of first) scratch[end++] = byte;
  scratch[end++] = LISTS.length;
  for (let from = 0; from <= text.length; ) {
    // The longest phrase that is there as whole parts.
    let code = -1;
    let after = from;
    let branch = START[text.charCodeAt(from)];
    for (let place = from; branch !== undefined && text.startsWith(branch.text, place); ) {
      place += branch.text.length;
      if (branch.code >= 0 && (place === text.length || text.charCodeAt(place) === QUOTE_CODE)) {
        code = branch.code;
        after = place;
      }
      branch = branch.next[text.charCodeAt(place)];
    }
    if (code >= 0) {
      if (code >= CODES) scratch[end++] = MORE;
      scratch[end++] = code >= CODES ? code - CODES : FIRST + code;
    } else {
      after = text.indexOf(QUOTE, from);
      if (after < 0) after = text.length;
      const next = writePart(text.slice(from, after), words, end);
      if (next === undefined) return undefined;
      end = next;
    }
    from = after + 1;
  }
  return Uint8Array.prototype.slice.call(scratch, 0, end);
}

/**
 * The text that `codeText` wrote from `start` on, with the same words.
 *
 * @throws {Error} when the bytes are none that it writes
 */
export function readCode(buffer: Buffer, start: number, words: readonly (string | null)[]): string {
  const list = buffer[start] ?? 0;
  if (list < 1 || list > LISTS.length) throw new Error(`its list of phrases must be 1 to ${LISTS.length}`);
  const parts: string[] = [];
  let length = 0;
  for (let at = start + 1; at < buffer.length; ) {
    const code = buffer[at++] as number;
    let part: string | null | undefined;
    if (code >= FIRST && code < SHORT) part = PHRASES[code - FIRST];
    else if (code >= WORD && code < MORE) part = words[code - WORD];
    else {
      const count = code === LONG ? 2 : code >= SHORT ? code - SHORT : (COUNTS[code] ?? 0);
      let from = at;
      at = endIn(buffer, at + count);
      if (code === LONG) {
        from = at;
        at = endIn(buffer, at + buffer.readUInt16BE(at - 2));
      }
      if (code >= SHORT) part = buffer.toString("utf8", from, at);
      else if (code === MORE) part = PHRASES[CODES + (buffer[from] as number)];
      else if (code === HASH) part = buffer.toString("hex", from, at);
      else if (code === TIME) part = new Date(buffer.readUIntBE(from, 6)).toISOString();
      else if (code === UUID) part = uuidText(buffer.toString("hex", from, at));
    }
    if (part === null || part === undefined) throw new Error(`it has a byte ${code} that says nothing`);
    length += part.length + 1;
    if (length > MAX_CHARS) throw new Error("it is longer than any record");
    parts.push(part);
  }
  return parts.join(QUOTE);
}

function endIn(buffer: Buffer, end: number): number {
  if (end > buffer.length) throw new Error("its end is missing");
  return end;
}

/**
 * The bytes by which what is between two quotation marks is found in what `codeText` wrote, if it is there and none of the
 * words; none: it may be there in another form.
 */
export function codeOf(part: string): Uint8Array {
  if (PARTS.has(part) || part.includes(QUOTE)) return new Uint8Array();
  return codeText(part, [])?.subarray(1) ?? new Uint8Array();
}

/** Writes one part from `end` on, and returns where it ends; undefined: it is too long. */
function writePart(part: string, words: readonly (string | null)[], end: number): number | undefined {
  const word = words.indexOf(part);
  if (word >= 0 && word < MAX_WORDS) {
    scratch[end] = WORD + word;
    return end + 1;
  }
  if (part.length === 64 && HASH_TEXT.test(part)) {
    scratch[end] = HASH;
    return end + 1 + scratch.write(part, end + 1, "hex");
  }
  if (part.length === 24 && TIME_TEXT.test(part)) {
    const time = Date.parse(part);
    if (time >= 0 && time < MAX_TIME && new Date(time).toISOString() === part) {
      scratch[end] = TIME;
      return scratch.writeUIntBE(time, end + 1, 6);
    }
  }
  if (part.length === 36 && UUID_TEXT.test(part)) {
    scratch[end] = UUID;
    return end + 1 + scratch.write(part.replaceAll("-", ""), end + 1, "hex");
  }
  if (part.length <= LONGEST) {
    const count = scratch.write(part, end + 1);
    if (count <= LONGEST) {
      scratch[end] = SHORT + count;
      return end + 1 + count;
    }
  }
  const count = scratch.write(part, end + 3);
  if (count > MAX_LONG) return undefined;
  scratch[end] = LONG;
  scratch.writeUInt16BE(count, end + 1);
  return end + 3 + count;
}

function uuidText(hex: string): string {
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

interface Coded {
  readonly phrase: string;
  readonly code: number;
}

/** The branches of phrases that are the same before `from`, by their next character. */
function branchesOf(phrases: readonly Coded[], from: number): readonly (Branch | undefined)[] {
  const groups = new Map<number, Coded[]>();
  for (const coded of phrases) {
    const next = coded.phrase.charCodeAt(from);
    const group = groups.get(next);
    if (group === undefined) groups.set(next, [coded]);
    else group.push(coded);
  }
  const branches: (Branch | undefined)[] = Array.from({ length: 128 });
  for (const [next, group] of groups) branches[next] = branchOf(group, from);
  return branches;
}

function branchOf(phrases: readonly Coded[], from: number): Branch {
  const [{ phrase: first } = { phrase: "" }] = phrases;
  let end = from;
  while (end < first.length && phrases.every(({ phrase }) => phrase[end] === first[end])) end++;
  const ended = phrases.find(({ phrase }) => phrase.length === end);
  const others = phrases.filter(({ phrase }) => phrase.length > end);
  return { text: first.slice(from, end), code: ended?.code ?? -1, next: branchesOf(others, end) };
}
