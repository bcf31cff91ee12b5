import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { linesOf } from "./_lines.ts";
import { type Piece, type ReadLine, readLine } from "./_read_line.ts";

/** Reads an export in JSON lines. What its end says of its bytes is checked; a wrong one is `broken`. */
export async function* jsonlPieces(path: string, read: ReadLine): AsyncGenerator<readonly Piece[]> {
  const digest = createHash("sha256");
  let end: string | undefined;
  let isSound = true;
  for await (const { lines, bytes, isSound: isBlockSound } of linesOf(
    createReadStream(path, { highWaterMark: 1 << 20 }),
  )) {
    if (end !== undefined) yield [{ is: "wrong", message: "There are lines after the end" }];
    isSound &&= isBlockSound;
    const last = lines.at(-1) ?? "";
    const piece = last.startsWith('{"end":') ? readLine(last) : undefined;
    if (piece?.is === "end") end = piece.sha256;
    const isEnd = piece?.is === "end";
    digest.update(isEnd ? bytes.subarray(0, bytes.length - Buffer.byteLength(last) - 1) : bytes);
    yield (isEnd ? lines.slice(0, -1) : lines).flatMap((line) => read(line) ?? []);
  }
  if (end === undefined) yield [{ is: "broken", message: "The end of the export is missing" }];
  else if (digest.digest("hex") !== end || !isSound)
    yield [{ is: "broken", message: "The export's SHA-256 is not the one in its last line" }];
}
