const encoder = new TextEncoder();

/** The longest start of `text` that is at most `maxBytes` of UTF-8 and splits no character. */
export function takeBytes(text: string, maxBytes: number): string {
  const { read } = encoder.encodeInto(text, new Uint8Array(maxBytes));
  return text.slice(0, read);
}
