/** A line that is nothing but a list's mark and a piece of something: `1. 4111`, `b) 1111`, `Part 3: 1111`. */
const ITEM =
  /^[ \t>]*(?:\(?(?:\d{1,3}|[a-z]|[ivx]{1,4})[.):\]]|[-*+•][ \t]+\(?\d{1,2}[.):\]]|#\d{1,2}:?|[\p{L}]{1,10}[ .]?\d{1,2}[:.)=-])[ \t]*(?=[^\s].{0,40}$)/iu;
const MIN_ITEMS = 2;

/** A quick look, which most texts do not pass. */
const MAY_BE_ITEM = /^[ \t>]*(?:[-*+•][ \t]+)?(?:\(?\w{1,4}[.):\]]|#\d|[^\n\d]{1,10}\d{1,2}[:.)=-])/m;

/** The text without the marks of such lists, so that their pieces stand one after another. The same string when there is none. Linear. */
export function unlist(text: string): string {
  if (!MAY_BE_ITEM.test(text)) return text;
  const lines = text.split("\n");
  const bare = lines.map((line) => {
    const mark = line.length > 90 ? null : ITEM.exec(line);
    return mark === null ? undefined : line.slice(mark[0].length);
  });
  let out = lines;
  for (let from = 0; from < lines.length; ) {
    let to = from;
    while (bare[to] !== undefined) to++;
    if (to - from >= MIN_ITEMS) {
      if (out === lines) out = [...lines];
      for (let i = from; i < to; i++) out[i] = bare[i] ?? "";
    }
    from = to + 1;
  }
  return out === lines ? text : out.join("\n");
}
