/** How much of a text a list shows. */
const SHORT = 200;

/**
 * Text from outside for one line: what cannot be seen, breaks lines or turns the order of others round is shown as `�`, and a
 * long one is cut. Markup it never is: pages are rendered by what escapes it.
 */
export function plain(text: string, max: number = SHORT): string {
  const line = text.replace(
    /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu,
    "\ufffd",
  );
  const characters = [...line.slice(0, max * 4)];
  return characters.length > max || line.length > max * 4 ? `${characters.slice(0, max).join("")}…` : line;
}
