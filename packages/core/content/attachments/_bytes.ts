/** Whether `text`, as Latin-1, stands at `offset`. */
export function hasAscii(bytes: Uint8Array, offset: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[offset + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** The bytes from `start` to `end` as Latin-1; less if there are less. */
export function latin1(bytes: Uint8Array, start: number, end: number): string {
  let text = "";
  for (let i = Math.max(0, start); i < Math.min(end, bytes.length); i++)
    text += String.fromCharCode(bytes[i] ?? 0);
  return text;
}

/** The little-endian number of `size` bytes (at most 6) at `offset`; missing bytes are 0. */
export function littleEndian(bytes: Uint8Array, offset: number, size: number): number {
  let value = 0;
  for (let i = size - 1; i >= 0; i--) value = value * 256 + (bytes[offset + i] ?? 0);
  return value;
}

/** Where `text`, as Latin-1, first stands from `from` on, or -1. */
export function indexOfAscii(bytes: Uint8Array, text: string, from = 0): number {
  const first = text.charCodeAt(0);
  for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (hasAscii(bytes, at, text)) return at;
  }
  return -1;
}
