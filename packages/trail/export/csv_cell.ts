/** What spreadsheets take for the beginning of a formula, also in full width (OWASP, CSV injection). */
const SIGNS = "=+\\-@\\uff1d\\uff0b\\uff0d\\uff20";

/** One at the beginning. */
const FORMULA = new RegExp(`^\\s*[${SIGNS}\\t\\r\\n]`);

/**
 * One behind what some program takes for the end of a cell: `;` where the comma is a decimal point, a tab, a bar, or a line
 * break, which ends a row where the quotes around it do not count; with what may stand between.
 */
const INNER_FORMULA = new RegExp(`([;\\t|\\r\\n\\u0085\\u2028\\u2029])(?=[\\s"']*[${SIGNS}])`, "g");

/**
 * A cell of CSV (RFC 4180), in which no spreadsheet finds a formula, whichever separator it is opened with: an apostrophe
 * stands before what one would begin.
 */
export function csvCell(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const inner = value.replace(INNER_FORMULA, "$1'");
  const plain = FORMULA.test(inner) ? `'${inner}` : inner;
  return /[",;\t\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
