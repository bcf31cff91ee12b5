const SAMPLES = 4096;
/** Of the sampled bytes; the rest may be anything. */
const MIN_PRINTABLE = 0.9;

/** The text that the bytes are, by byte order mark or by where their zeros stand: UTF-8 (lossy) or UTF-16. */
export function decodeText(bytes: Uint8Array): string {
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

/**
 * The texts that programs may take the bytes for: as their label's character set, their byte order mark and their zeros
 * say, and as UTF-8. A few stray NULs must not make one program's text unreadable to us.
 */
export function decodeTexts(bytes: Uint8Array, label = ""): readonly string[] {
  const charset = /;\s*charset=([\w-]+)/.exec(label)?.[1] ?? "utf-8";
  const encodings = new Set<string>([
    charset === "utf-16" ? "utf-16le" : charset,
    encodingOf(bytes),
    "utf-8",
  ]);
  if (charset === "utf-16") encodings.add("utf-16be");
  if (bytes.includes(0)) encodings.add("utf-16le").add("utf-16be");
  const texts = [...encodings].map((encoding) =>
    new TextDecoder(encoding).decode(bytes).replaceAll("\0", ""),
  );
  return [...new Set(texts)];
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
