/**
 * Text as PostgreSQL keeps it in a column: U+0000, which it cannot keep, becomes U+FFFD, as it does in the columns that
 * are set from a record's JSON (there a written-out `\u0000` does, too).
 */
export function columnText(text: string): string {
  return text.replaceAll("\0", "\ufffd").replaceAll("\\u0000", "\\ufffd");
}
