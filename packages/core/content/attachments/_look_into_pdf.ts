import { sniffText } from "./_sniff_text.ts";
import type { Look } from "./look.ts";

/** Names of what runs, starts or fetches something (ISO 32000-1, 12.6, 12.7.8, 13). */
const ACTIVE = new Set([
  "JavaScript",
  "JS",
  "Launch",
  "RichMedia",
  "Rendition",
  "ImportData",
  "SubmitForm",
  "GoToE",
  "GoToR",
  "XFA",
]);
const LONG =
  /\/(JavaScript|Launch|RichMedia|Rendition|ImportData|SubmitForm|GoTo[ER]|XFA|Encrypt)(?![^\s\0()<>[\]{}/%])/g;
/** A name with at least one character written as a number. */
const ESCAPED = /\/[^\s\0()<>[\]{}/%]*#[0-9A-Fa-f]{2}[^\s\0()<>[\]{}/%]*/g;
/** So short a name stands in packed data by chance: it counts before what could be a script. */
const JS = /\/JS[\s\0]{0,20}(?:\([\t\n\r -~]{8}|<[0-9A-Fa-f]{8}|\d{1,7} \d{1,5} R)/;
/** Streams of an honest file come to one of the first few ends that their data may hold by chance. */
const MAX_ENDS = 4;
const MAX_REREAD = 10;

/**
 * Looks into a PDF: at the names in its plain parts and in all that is packed by Flate, where newer files keep their
 * objects. Objects that are packed in another way cannot be listed.
 */
export function lookIntoPdf(bytes: Uint8Array, look: Look): void {
  const text = new TextDecoder("latin1").decode(bytes);
  lookAtNames(text, look);
  const ends = [...text.matchAll(/endstream/g)].map(({ index }) => index);
  let after = 0;
  let passed = 0;
  let read = 0;
  for (let at = text.indexOf("stream"); at >= 0; at = text.indexOf("stream", at + 6)) {
    if (text.startsWith("end", at - 3)) {
      after = at + 6;
      passed++;
      continue;
    }
    // Between streams lie their dictionaries; whoever writes the word elsewhere, and often, wants to keep us busy.
    read += at - after;
    if (read > MAX_REREAD * text.length) {
      look.dangers.add("unlisted");
      return;
    }
    const start = at + 6 + (text.startsWith("\r\n", at + 6) ? 2 : Number(/[\r\n]/.test(text[at + 6] ?? "")));
    const dictionary = unescapeNames(text.slice(after, at));
    lookIntoStream({ dictionary, start, ends: ends.slice(passed, passed + MAX_ENDS), bytes }, look);
  }
}

interface PdfStream {
  /** What stands before it, names written out. */
  readonly dictionary: string;
  readonly start: number;
  /** Where it may end. */
  readonly ends: readonly number[];
  readonly bytes: Uint8Array;
}

function lookIntoStream({ dictionary, start, ends, bytes }: PdfStream, look: Look): void {
  const holdsObjects =
    /\/ObjStm\b/.test(dictionary) || (/\/First\b/.test(dictionary) && /\/N\b/.test(dictionary));
  const holdsFile = /\/EmbeddedFile\b/.test(dictionary);
  const filters = (dictionary.match(FILTER) ?? []).map((name) => SHORT[name] ?? name);
  const packing = filters.filter((name) => PACKING.has(name));
  // What packs much into little, twice or in ways that are not undone here, would unpack without end where it is read.
  const isKnown =
    packing.length <= 1 &&
    packing.every((name) => name === "/FlateDecode") &&
    !/\/(?:F|Filter)\s+\d+\s+\d+\s+R/.test(dictionary);
  const armour = filters[0] === "/ASCII85Decode" || filters[0] === "/ASCIIHexDecode" ? filters[0] : undefined;
  const isFlate = isZlib(bytes, start);
  const isPlain = filters.length === 0 || (filters.length === 1 && packing.length === 1 && isFlate);
  if (!isKnown || ((holdsObjects || holdsFile) && (!isPlain || /\/Predictor\b/.test(dictionary)))) {
    look.dangers.add("unlisted");
    return;
  }
  if (armour !== undefined && packing.length > 0) {
    const packed = removeArmour(armour, bytes.subarray(start, ends[0]));
    if (!isZlib(packed, 0) || look.inflateAll(packed.subarray(2)) === undefined) look.dangers.add("unlisted");
    return;
  }
  const content = isFlate ? inflateStream({ start, ends, bytes }, look) : undefined;
  if (isFlate && content === undefined && filters.length > 0) look.dangers.add("unlisted");
  if (content !== undefined) lookAtNames(new TextDecoder("latin1").decode(content), look);
  // Electronic invoices carry their figures as XML; nobody can open another file in a PDF by mistake.
  const file = content ?? bytes.subarray(start, ends[0]);
  if (holdsFile && sniffText(new TextDecoder().decode(file.subarray(0, 8_192))) !== "application/xml")
    look.dangers.add("unlisted");
}

const FILTER = /\/(?:\w+Decode|Fl|AHx|A85|LZW|RL|CCF|DCT|Crypt)\b/g;
const SHORT: Readonly<Record<string, string>> = {
  "/Fl": "/FlateDecode",
  "/AHx": "/ASCIIHexDecode",
  "/A85": "/ASCII85Decode",
};
const PACKING = new Set(["/FlateDecode", "/LZWDecode", "/LZW", "/RunLengthDecode", "/RL", "/Crypt"]);

/** The bytes that ASCII85 or hexadecimal writes as text (ISO 32000-1, 7.4.2 and 7.4.3); other characters are passed over. */
function removeArmour(filter: string, text: Uint8Array): Uint8Array {
  const isHex = filter === "/ASCIIHexDecode";
  const [base, digits, bytesOut] = isHex ? [16, 2, 1] : [85, 5, 4];
  const out = new Uint8Array(text.length * 4);
  let length = 0;
  let value = 0;
  let count = 0;
  const flush = (missing: number) => {
    for (let i = 0; i < missing; i++) value = value * base + (isHex ? 0 : base - 1);
    const kept = isHex ? 1 : bytesOut - missing;
    for (let i = 0; i < kept; i++) out[length++] = Math.floor(value / 256 ** (bytesOut - 1 - i)) & 0xff;
    value = 0;
    count = 0;
  };
  for (const code of text) {
    if (code === (isHex ? 0x3e : 0x7e)) break;
    if (!isHex && code === 0x7a && count === 0) length += 4;
    const digit = isHex ? Number.parseInt(String.fromCharCode(code), 16) : code - 0x21;
    if (Number.isNaN(digit) || digit < 0 || digit >= base) continue;
    value = value * base + digit;
    if (++count === digits) flush(0);
  }
  if (count > (isHex ? 0 : 1)) flush(digits - count);
  return out.subarray(0, length);
}

function inflateStream(
  { start, ends, bytes }: Omit<PdfStream, "dictionary">,
  look: Look,
): Uint8Array | undefined {
  for (const end of ends) {
    const content = look.inflateAll(bytes.subarray(start + 2, end));
    if (content !== undefined) return content;
  }
  return undefined;
}

/** RFC 1950: deflate, and a check of the two bytes. */
function isZlib(bytes: Uint8Array, at: number): boolean {
  const [first = 0, second = 0] = bytes.subarray(at, at + 2);
  return (first & 0x0f) === 8 && (first * 256 + second) % 31 === 0;
}

function lookAtNames(text: string, look: Look): void {
  if (JS.test(text)) look.dangers.add("active");
  for (const [, name = "", at] of matches(text, LONG)) judgeName(name, text, at, look);
  for (const [written, , at] of matches(text, ESCAPED))
    judgeName(unescapeName(written).slice(1), text, at, look);
}

function* matches(text: string, pattern: RegExp): Generator<readonly [string, string | undefined, number]> {
  for (const match of text.matchAll(pattern)) yield [match[0], match[1], match.index + match[0].length];
}

function judgeName(name: string, text: string, end: number, look: Look): void {
  if (ACTIVE.has(name)) look.dangers.add("active");
  if (name === "Encrypt" && /^[\s\0]*(?:\d+[\s\0]+\d+[\s\0]+R|<<)/.test(text.slice(end, end + 60)))
    look.dangers.add("encrypted");
}

function unescapeNames(text: string): string {
  return text.includes("#") ? text.replace(ESCAPED, unescapeName) : text;
}

function unescapeName(name: string): string {
  return name.replace(/#([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
