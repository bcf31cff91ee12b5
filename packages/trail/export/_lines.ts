import { isUtf8 } from "node:buffer";

/** Bytes of a line that are read at most. A sealed attachment is the longest that there is. */
export const MAX_LINE: number = 64 * 1024 * 1024;

/** Some lines that were read together. */
export interface LineBlock {
  /** Without their line breaks. */
  readonly lines: readonly string[];
  /** All their bytes, with line breaks. */
  readonly bytes: Uint8Array;
  /** They are UTF-8, and the last one ends in a line break. */
  readonly isSound: boolean;
}

/**
 * Splits bytes into lines.
 *
 * @throws {Error} when one is longer than any that is written
 */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<LineBlock> {
  let rest: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(LF) + 1;
    if (end > 0) {
      yield blockOf(Buffer.concat([...rest, chunk.subarray(0, end)]));
      [rest, length] = [[], 0];
    }
    if (end < chunk.length) rest.push(chunk.subarray(end));
    length += chunk.length - end;
    if (length > MAX_LINE) throw new Error(`a line has more than ${MAX_LINE} bytes`);
  }
  if (length === 0) return;
  // No line break is there at the end.
  const bytes = Buffer.concat(rest);
  yield { lines: [bytes.toString("utf8")], bytes, isSound: false };
}

const LF = 10;

function blockOf(bytes: Buffer): LineBlock {
  const lines = bytes.toString("utf8", 0, bytes.length - 1).split("\n");
  return { lines, bytes, isSound: isUtf8(bytes) };
}
