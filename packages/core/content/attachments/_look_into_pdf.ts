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
  const filters = dictionary.match(/\/(?:\w+Decode|Fl|AHx|A85|LZW|RL|Crypt)\b/g) ?? [];
  const isFlate = isZlib(bytes, start);
  const isPlain =
    filters.length === 0 || (filters.every((name) => name === "/FlateDecode" || name === "/Fl") && isFlate);
  if ((holdsObjects || holdsFile) && (!isPlain || /\/Predictor\b/.test(dictionary))) {
    look.dangers.add("unlisted");
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
