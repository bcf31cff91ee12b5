/** What hides in a text or moves others: control characters, and those that cannot be seen or turn the order round. */
const HIDDEN = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]|\p{Surrogate}/gu;

/** How lines are laid out. */
export interface InertLinesOptions {
  /** Of the terminal, in columns; longer lines go on below, behind the prefix again. */
  readonly width: number;
  /** Before each line, so that none of a text passes for the program's own. */
  readonly prefix: string;
}

/**
 * A text of many lines from outside, safe for a terminal, with nothing of it left out: what hides in it or what a terminal
 * would obey is shown as `�`.
 */
export function inertLines(text: string, { width, prefix }: InertLinesOptions): readonly string[] {
  const room = Math.max(20, width - prefix.length);
  return text
    .replaceAll("\r\n", "\n")
    .split("\n")
    .flatMap((line) =>
      folded(line.replaceAll("\t", "    ").replace(HIDDEN, "\ufffd"), room).map((part) => `${prefix}${part}`),
    );
}

/** What is no ASCII may take two columns. */
function folded(line: string, room: number): readonly string[] {
  const parts: string[] = [];
  let [part, used] = ["", 0];
  for (const character of line) {
    const columns = character <= "~" ? 1 : 2;
    if (used + columns > room) {
      parts.push(part);
      [part, used] = ["", 0];
    }
    part += character;
    used += columns;
  }
  return [...parts, part];
}
