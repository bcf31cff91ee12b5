/** The bound keeps a text of many `<a` linear. */
const TAG = /<(?:\/?([a-z][a-z0-9]{0,15})|!)[^<>]{0,2000}>/gi;

/** Elements that put what follows at another place on the page. */
const BLOCKS = /^(?:br|p|div|li|ul|ol|tr|td|th|table|h[1-6]|hr|section|pre|blockquote)$/i;

/** Elements of which nothing is shown, with what is in them. */
const HIDDEN =
  /<(script|style)\b[^<>]{0,500}>[^<]{0,2000}<\/\1>|<([a-z]{1,10})\b[^<>]{0,300}(?:display\s?:\s?none|visibility\s?:\s?hidden|font-size\s?:\s?0)[^<>]{0,300}>[^<>]{0,500}<\/\2>/gi;

/** Removes HTML tags, comments and what is hidden, as a mail program shows the text; cells and paragraphs leave a space. */
export function stripTags(text: string): string {
  if (!text.includes("<")) return text;
  return withoutComments(text)
    .replace(HIDDEN, keepLines)
    .replace(TAG, (tag: string, name: string | undefined) => {
      return keepLines(tag) || (name !== undefined && BLOCKS.test(name) ? " " : "");
    });
}

function keepLines(removed: string): string {
  return removed.includes("\n") ? "\n".repeat(removed.split("\n").length - 1) : "";
}

/** Comments may hold tags. Their line ends are put where the line that they are in ends. */
function withoutComments(text: string): string {
  let start = text.indexOf("<!--");
  if (start < 0) return text;
  let out = "";
  let from = 0;
  let owed = 0;
  const add = (piece: string): void => {
    const lineEnd = owed === 0 ? -1 : piece.indexOf("\n");
    if (lineEnd < 0) out += piece;
    else {
      out += piece.slice(0, lineEnd) + "\n".repeat(owed) + piece.slice(lineEnd);
      owed = 0;
    }
  };
  while (start >= 0) {
    const end = text.indexOf("-->", start + 4);
    if (end < 0) break;
    add(text.slice(from, start));
    owed += text.slice(start, end).split("\n").length - 1;
    from = end + 3;
    start = text.indexOf("<!--", from);
  }
  add(text.slice(from));
  return out + "\n".repeat(owed);
}
