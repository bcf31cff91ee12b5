const URL_OR_TAG = /https?:\/\/\S{1,2000}|<[^<>]{1,200}>/gi;
/** Words, numbers with their letters included; of scripts without spaces, each character. */
const WORD = (() => {
  const unspaced = "[\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmer}]";
  return new RegExp(`${unspaced}|(?:(?!${unspaced})[\\p{L}\\p{M}\\p{N}'’])+`, "gu");
})();
/** The same for ASCII, at a tenth of the cost. */
const ASCII_WORD = /[a-z0-9']+/g;
const ASCII = /^[\t\n\r -~]*$/;
const NUMBER = /\p{N}/u;
/** Runs of marks that NFKC would take quadratic time to sort. */
const MARK_RUNS = /(\p{M}{30})\p{M}+/gu;

const MAX_GREETING_WORDS = 6;
const MAX_CLOSING_WORDS = 4;
const MAX_CLOSING_LINES = 6;
/** Lines at the top among which a greeting stands: a subject, an empty line and it. */
const TOP_LINES = 4;

/**
 * The words that say what an email is about, in order and in lower case: without greeting, closing and signature,
 * quoted lines, addresses of pages, and everything with a digit in it. Linear.
 */
export function words(text: string): readonly string[] {
  const lines = clean(text).toLowerCase().split(/\r?\n/);
  const own = lines.filter((line) => !line.trimStart().startsWith(">") && line.trim() !== "");
  const signature = own.findIndex((line) => line.trim() === "--");
  const body = signature < 0 ? own : own.slice(0, signature);
  const kept = withoutClosing(body.filter((line, index) => index >= TOP_LINES || !isGreeting(line)));
  return wordsOf(kept.length > 0 ? kept : body);
}

function isGreeting(line: string): boolean {
  return countWords(line) <= MAX_GREETING_WORDS && /[,!:，、]\**$/.test(line.trimEnd().slice(-4));
}

/** Short lines at the end are "Best regards" and a name; an email of short lines only is left whole. */
function withoutClosing(lines: readonly string[]): readonly string[] {
  let end = lines.length;
  while (end > 0 && lines.length - end < MAX_CLOSING_LINES && isClosing(lines[end - 1] ?? "")) end--;
  return lines.slice(0, end);
}

function isClosing(line: string): boolean {
  return countWords(line) <= MAX_CLOSING_WORDS && !/[.?!。]$/.test(line.trimEnd());
}

function countWords(line: string): number {
  return line.slice(0, 200).split(/\s+/).filter(Boolean).length;
}

function wordsOf(lines: readonly string[]): readonly string[] {
  const text = lines.join("\n").replace(URL_OR_TAG, " ");
  const found = text.match(ASCII.test(text) ? ASCII_WORD : WORD) ?? [];
  return found.filter((word) => !NUMBER.test(word));
}

function clean(text: string): string {
  return ASCII.test(text) ? text : text.replace(MARK_RUNS, "$1").normalize("NFKC");
}
