/** The bound keeps a text of many `<a` linear. */
const TAG = /<(?:\/?([a-z][a-z0-9]{0,15})|!)[^<>]{0,2000}>/gi;

/** Elements that put what follows at another place on the page. */
const BLOCKS = /^(?:br|p|div|li|ul|ol|tr|td|th|table|h[1-6]|hr|section|pre|blockquote)$/i;

/** Removes HTML tags and comments, as a mail program shows the text; cells and paragraphs leave a space. */
export function stripTags(text: string): string {
  if (!text.includes("<")) return text;
  return text.replace(TAG, (tag: string, name: string | undefined) => {
    const lineEnds = tag.includes("\n") ? "\n".repeat(tag.split("\n").length - 1) : "";
    return lineEnds || (name !== undefined && BLOCKS.test(name) ? " " : "");
  });
}
