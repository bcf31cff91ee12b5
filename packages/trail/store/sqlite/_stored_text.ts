/** Half a surrogate pair as some drivers write it: three bytes that are no UTF-8. In UTF-8 0xED is never but a first byte. */
const HALF_PAIR = /\xed[\xa0-\xbf][\x80-\xbf]/g;

/**
 * The text that was committed to when this text was written. Early versions gave the driver half surrogate pairs: it wrote
 * bytes that are no UTF-8, and reads three U+FFFD for one, while the commitment is over a single one. `bytesOf` reads the
 * text's bytes as they are kept, and is asked only when there may be such.
 */
export function storedText(text: string, bytesOf: () => Uint8Array | undefined): string {
  if (!text.includes("\ufffd")) return text;
  const bytes = bytesOf();
  if (bytes === undefined) return text;
  const kept = Buffer.from(bytes).toString("latin1").replaceAll(HALF_PAIR, "\xef\xbf\xbd");
  return Buffer.from(kept, "latin1").toString("utf8");
}
