import { printable } from "./printable.ts";

/** How a table is laid out. */
export interface FormatTableOptions {
  /** Of the terminal: what of the last column is longer goes on below it. Default: no line is broken. */
  readonly width?: number;
}

/** The last column is not made narrower than this; where there is less room, the terminal breaks lines itself. */
const MIN_WIDTH = 20;

/** Rows of cells in columns as wide as their widest cell, two spaces apart. */
export function formatTable(
  rows: readonly (readonly string[])[],
  { width = Number.POSITIVE_INFINITY }: FormatTableOptions = {},
): string {
  const cells = rows.map((row) => row.map(printable));
  const widths: number[] = [];
  for (const row of cells)
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
  const margin = widths.slice(0, -1).reduce((sum, one) => sum + one + 2, 0);
  const room = width - margin < MIN_WIDTH ? Number.POSITIVE_INFINITY : width - margin;
  return cells
    .map((row) => {
      const last = row.length === widths.length ? row.length - 1 : row.length;
      const [first = "", ...rest] = folded(row[last] ?? "", room);
      const line = [...row.slice(0, last).map((cell, index) => cell.padEnd(widths[index] ?? 0)), first].join(
        "  ",
      );
      return [line.trimEnd(), ...rest.map((text) => `${" ".repeat(margin)}${text}`)].join("\n");
    })
    .join("\n");
}

/** Pieces of at most so many characters, broken at blanks where there are any. */
export function folded(text: string, room: number): readonly string[] {
  if (text.length <= room) return [text];
  const blank = text.lastIndexOf(" ", room);
  const end = blank > 0 ? blank : room;
  return [text.slice(0, end), ...folded(text.slice(end).trimStart(), room)];
}
