import { takeBytes } from "./take_bytes.ts";

/** What a fence adds to each line: `| ` and the line's end. */
const LINE_BYTES = 3;

/**
 * Where the part of `text` ends that begins at `offset` and takes at most `maxBytes` in a fence. Offsets count as
 * JavaScript does, in UTF-16.
 */
export function takePage(text: string, offset: number, maxBytes: number): number {
  let end = offset;
  let free = maxBytes;
  while (end < text.length && free > LINE_BYTES) {
    const lineEnd = text.indexOf("\n", end);
    const line = text.slice(end, lineEnd === -1 ? text.length : lineEnd);
    const taken = takeBytes(line, free - LINE_BYTES);
    end += taken.length;
    if (taken.length < line.length) break;
    free -= Buffer.byteLength(line) + LINE_BYTES;
    if (lineEnd !== -1) end++;
  }
  return end;
}
