/** Elements without an end (HTML, 13.1.2). */
const VOID: ReadonlySet<string> = new Set(
  "area br col embed hr img input meta param source track wbr".split(" "),
);

/** Elements whose content is no text that a reader sees. */
const HIDING: ReadonlySet<string> = new Set(
  `audio canvas datalist details dialog head iframe math noembed noframes noscript object optgroup option picture plaintext
  script select svg template textarea title video xmp`.split(/\s+/),
);

/** Elements that say how all of a page looks, or where it leads. */
const OF_THE_PAGE: ReadonlySet<string> = new Set(["style", "link", "base"]);

/** What begins and ends markup that is no element, in the order in which a beginning is looked for. */
const OTHER_MARKUP = [
  ["<!--", "-->"],
  ["<![CDATA[", "]]>"],
  ["<?", "?>"],
  ["<!", ">"],
] as const;

/** What follows its name else makes it text (CommonMark, 6.6), such as `<ann@acme.example>`. */
const TAG = /<(\/?)([a-z][\w-]*)(?=[\s/>]|$)/iy;
const LINE_START = /(?:^|\n)[\s>*+\d.)-]*$/;

/**
 * Whether markdown may keep a reader from seeing what comes after it: it leaves a comment, a tag or an element open that a
 * program which shows HTML would take the rest for, or it has a style sheet. When in doubt, it may. Linear in the text.
 */
export function hidesWhatFollows(markdown: string): boolean {
  const open: string[] = [];
  const lastEnd = markdown.lastIndexOf(">");
  for (let at = markdown.indexOf("<"); at !== -1; at = markdown.indexOf("<", at + 1)) {
    const other = OTHER_MARKUP.find(([begin]) => markdown.startsWith(begin, at));
    if (other !== undefined) {
      const end = markdown.indexOf(other[1], at + other[0].length);
      if (end === -1) return true;
      at = end;
      continue;
    }
    TAG.lastIndex = at;
    const [text = "", slash = "", name = ""] = TAG.exec(markdown) ?? [];
    if (text === "") continue;
    // Without an end it is text, as "a <b" is, unless the line begins with it.
    if (lastEnd < at) {
      if (LINE_START.test(markdown.slice(Math.max(0, at - 100), at))) return true;
      continue;
    }
    const end = tagEnd(markdown, at + text.length);
    if (end === -1) return true;
    const element = name.toLowerCase();
    if (OF_THE_PAGE.has(element)) return true;
    const says = markdown.slice(at + text.length, end).trim() !== "";
    if (slash !== "") {
      const index = open.lastIndexOf(element);
      if (index !== -1) open.splice(index, 1);
    } else if (!VOID.has(element) && (says || HIDING.has(element) || open.includes(element))) {
      open.push(element);
    }
    at = end;
    if (open.length > MAX_OPEN) return true;
  }
  return open.length > 0;
}

/** No email nests as deep. */
const MAX_OPEN = 100;

/** Where a tag ends whose name ends at `from`: at the first `>` outside of quotes; -1: nowhere. */
function tagEnd(markdown: string, from: number): number {
  for (let at = from; at < markdown.length; at++) {
    const char = markdown[at];
    if (char === ">") return at;
    if (char !== '"' && char !== "'") continue;
    at = markdown.indexOf(char, at + 1);
    if (at === -1) return -1;
  }
  return -1;
}
