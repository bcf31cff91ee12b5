const SAMPLES = 4096;
/** Of the sampled bytes; the rest may be anything. */
const MIN_PRINTABLE = 0.9;

/** The text that the bytes are, by byte order mark or by where their zeros stand: UTF-8 (lossy) or UTF-16. */
export function decodeText(bytes: Uint8Array): string {
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

/** Whether the bytes read as text: sampled evenly, nearly all printable. UTF-16 counts. Nothing is no text. */
export function isMostlyText(bytes: Uint8Array): boolean {
  const step = Math.max(1, Math.floor(bytes.length / SAMPLES));
  const wide = encodingOf(bytes) !== "utf-8";
  let seen = 0;
  let printable = 0;
  for (let i = 0; i < bytes.length; i += step) {
    const byte = bytes[i] ?? 0;
    seen++;
    if (byte >= 0x20 ? byte !== 0x7f : (byte >= 0x09 && byte <= 0x0d) || (wide && byte < 0x20)) printable++;
  }
  return seen > 0 && printable / seen >= MIN_PRINTABLE && (wide || isUtf8Enough(bytes));
}

function encodingOf(bytes: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  const zeros = [0, 0];
  const end = Math.min(bytes.length, 256);
  for (let i = 0; i < end; i++) if (bytes[i] === 0) zeros[i % 2] = (zeros[i % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  if (odd > end / 3 && even < end / 20) return "utf-16le";
  return even > end / 3 && odd < end / 20 ? "utf-16be" : "utf-8";
}

/** Text in an old 8-bit encoding has some bytes that are no UTF-8; compressed data has little else. */
function isUtf8Enough(bytes: Uint8Array): boolean {
  const text = new TextDecoder().decode(bytes.subarray(0, SAMPLES));
  const lost = text.length - text.replaceAll("\ufffd", "").length;
  return lost <= text.length * 0.25;
}
