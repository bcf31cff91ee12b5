import { printable } from "./printable.ts";

/** How a table is laid out. */
export interface FormatTableOptions {
  /** Longer lines are cut with `…`. */
  readonly maxWidth?: number;
}

/** Rows of cells in columns as wide as their widest cell, two spaces apart. */
export function formatTable(
  rows: readonly (readonly string[])[],
  { maxWidth = Number.POSITIVE_INFINITY }: FormatTableOptions = {},
): string {
  const cells = rows.map((row) => row.map(printable));
  const widths: number[] = [];
  for (const row of cells)
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
  return cells
    .map((row) =>
      row
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .map((line) => (line.length > maxWidth ? `${line.slice(0, maxWidth - 1)}…` : line))
    .join("\n");
}
