/** Groups that hold no text of the document (RTF 1.9.1). */
const SKIPPED = new Set([
  "fonttbl",
  "colortbl",
  "stylesheet",
  "pict",
  "themedata",
  "colorschememapping",
  "datastore",
  "latentstyles",
  "listtable",
  "listoverridetable",
  "rsidtbl",
  "generator",
  "xmlnstbl",
]);
const BREAKS: Readonly<Record<string, string>> = {
  par: "\n",
  line: "\n",
  sect: "\n",
  page: "\n",
  row: "\n",
  cell: "\t",
  tab: "\t",
  emdash: "-",
  endash: "-",
  emspace: " ",
  enspace: " ",
};
const TOKEN = /\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-f]{2})|\\([^a-z])|([{}])|[\r\n]+|([^\\{}\r\n]+)/gi;

/** What an RTF document says, hidden text included. */
export function readRtf(bytes: Uint8Array): string {
  const source = new TextDecoder("latin1").decode(bytes);
  const parts: string[] = [];
  /** Depth of groups, and the depth from which one is skipped. */
  let depth = 0;
  let skipFrom = Number.POSITIVE_INFINITY;
  let skipCharacters = 0;
  for (const [, word, number, hex, symbol, brace, text] of source.matchAll(TOKEN)) {
    if (brace === "{") depth++;
    else if (brace === "}") {
      if (depth <= skipFrom) skipFrom = Number.POSITIVE_INFINITY;
      depth--;
    }
    if (word !== undefined && SKIPPED.has(word) && skipFrom > depth) skipFrom = depth;
    if (skipFrom <= depth) continue;
    if (word === "u" && number !== undefined) {
      parts.push(String.fromCharCode(Number(number) & 0xffff));
      skipCharacters = 1;
    } else if (word !== undefined) parts.push(BREAKS[word] ?? "");
    else if (hex !== undefined) {
      if (skipCharacters > 0) skipCharacters--;
      else parts.push(new TextDecoder("windows-1252").decode(Uint8Array.of(Number.parseInt(hex, 16))));
    } else if (symbol !== undefined)
      parts.push(symbol === "~" ? " " : symbol === "_" ? "-" : /[\\{}]/.test(symbol) ? symbol : "");
    else if (text !== undefined) {
      parts.push(text.slice(skipCharacters));
      skipCharacters = 0;
    }
  }
  return parts.join("");
}
