/**
 * Receipts, and what is claimed or counted under a name, in half of their bytes: most end in a ULID behind `rcp_`, or in a
 * SHA-256. In the order of those, so that what is new lies together.
 */

const RECEIPT = 1;
const HASH = 2;
const RECEIPT_END = /rcp_[0-7][0-9A-HJKMNP-TV-Z]{25}$/;
const HASH_END = /[\da-f]{64}$/;
const RECEIPT_LENGTH = 30;
const HASH_LENGTH = 64;
const HASH_BYTES = 32;
const ULID_LENGTH = 26;
const ULID_BYTES = 16;
/** What comes before begins with no lower byte, so that it is told from a place. */
const FIRST_LETTER = 0x20;
const DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const VALUES = Uint8Array.from({ length: 128 }, (_, code) =>
  Math.max(0, DIGITS.indexOf(String.fromCharCode(code))),
);

/** What comes before: one byte, by its place, which never changes. Anything else as it is. */
const BEFORE: readonly string[] = [
  "",
  "content:",
  "caller:",
  "attempt:",
  "end:",
  "once:sent of ",
  "once:delivered of ",
  "once:left readback of ",
  "once:held readback of ",
  "once:approved of ",
  "once:rejected of ",
  "once:bounced of ",
  "once:cancelled of ",
  "once:no_news of ",
];
const NOTHING = new Uint8Array();
const PLACES = new Map(BEFORE.map((text, place) => [text, place]));

/** A name as it is kept: bytes where they are fewer. Two names are never kept as the same. */
export function packKey(text: string): string | Uint8Array {
  // What follows each other has one receipt.
  if (last?.text !== text) last = { text, kept: keptOf(text) };
  return last.kept;
}

let last: { readonly text: string; readonly kept: string | Uint8Array } | undefined;

function keptOf(text: string): string | Uint8Array {
  if (RECEIPT_END.test(text)) {
    const start = text.length - RECEIPT_LENGTH;
    return packed(text, { form: RECEIPT, bytes: ulidBytes(text), before: text.slice(0, start) });
  }
  if (HASH_END.test(text)) {
    const start = text.length - HASH_LENGTH;
    return packed(text, {
      form: HASH,
      bytes: Buffer.from(text.slice(start), "hex"),
      before: text.slice(0, start),
    });
  }
  return text;
}

/**
 * The name that `packKey` packed.
 *
 * @throws {Error} when the bytes are none that it makes
 */
export function unpackKey(kept: string | Uint8Array): string {
  if (typeof kept === "string") return kept;
  const bytes = Buffer.from(kept.buffer, kept.byteOffset, kept.byteLength);
  const [form, end] = [bytes[0], bytes[0] === RECEIPT ? 1 + ULID_BYTES : 1 + HASH_BYTES];
  if ((form !== RECEIPT && form !== HASH) || bytes.length < end) throw new Error("it is no name");
  const place = bytes[end];
  const before =
    place === undefined ? "" : place < FIRST_LETTER ? BEFORE[place] : bytes.toString("utf8", end);
  if (before === undefined) throw new Error("it is no name");
  return before + (form === RECEIPT ? `rcp_${ulidText(bytes)}` : bytes.toString("hex", 1, end));
}

interface Parts {
  readonly form: number;
  readonly bytes: Uint8Array;
  readonly before: string;
}

function packed(text: string, { form, bytes, before }: Parts): string | Uint8Array {
  const place = PLACES.get(before);
  if (place === undefined && (before.charCodeAt(0) < FIRST_LETTER || !before.isWellFormed())) return text;
  const rest = place === undefined ? Buffer.from(before) : before === "" ? NOTHING : Uint8Array.of(place);
  // From a pool: SQLite's driver moves small arrays of their own out of V8's heap first.
  const kept = Buffer.allocUnsafe(1 + bytes.length + rest.length);
  kept[0] = form;
  kept.set(bytes, 1);
  kept.set(rest, 1 + bytes.length);
  return kept;
}

/** Of the ULID at the end: its first digit has three bits, each other five. */
function ulidBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(ULID_BYTES);
  let bits = 0;
  let count = -2;
  let place = 0;
  for (let index = text.length - ULID_LENGTH; index < text.length; index++) {
    bits = ((bits << 5) | (VALUES[text.charCodeAt(index)] ?? 0)) & 0xfff;
    count += 5;
    if (count < 8) continue;
    count -= 8;
    bytes[place++] = bits >> count;
  }
  return bytes;
}

/** Of the ULID behind the first byte. */
function ulidText(bytes: Uint8Array): string {
  let text = "";
  let [bits, count] = [0, 2];
  for (let place = 1; place <= ULID_BYTES; place++) {
    bits = ((bits << 8) | (bytes[place] ?? 0)) & 0xfff;
    count += 8;
    for (; count >= 5; count -= 5) text += DIGITS[(bits >> (count - 5)) & 31];
  }
  return text;
}
