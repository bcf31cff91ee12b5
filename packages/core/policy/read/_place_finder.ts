import { LineCounter } from "yaml";
import type { Where } from "../where.ts";

/** Turns an offset of a text into its place. A line ends with `\n`; a `\r` before it belongs to the line. */
export type PlaceFinder = (offset: number) => Where;

/** The finder for one file's text. */
export function placeFinder(file: string, text: string): PlaceFinder {
  let lines: LineCounter | undefined;
  return (offset) => {
    lines ??= linesOf(text);
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
}

function linesOf(text: string): LineCounter {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", end + 1)) lines.addNewLine(end + 1);
  return lines;
}
