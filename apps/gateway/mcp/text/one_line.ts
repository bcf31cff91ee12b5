import { cleanText } from "./clean_text.ts";
import { takeBytes } from "./take_bytes.ts";

/** Text from outside on one line, without hidden characters, cut at `maxBytes` of UTF-8 with an ellipsis. */
export function oneLine(text: string, maxBytes: number): string {
  // Whoever sends a megabyte as a subject need not be read to its end.
  const { text: clean } = cleanText(text.slice(0, 16 * maxBytes));
  const line = clean.replaceAll(/\s+/g, " ").trim();
  const taken = takeBytes(line, maxBytes);
  return taken.length < line.length ? `${taken}…` : line;
}
