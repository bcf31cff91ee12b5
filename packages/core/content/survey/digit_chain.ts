import { isDigit } from "./alphanumeric.ts";

/** Digits in a row, and what stands between them and the digits before. */
export interface DigitGroup {
  readonly at: number;
  readonly digits: string;
  /** What separates it from the group before: emphasis and escapes of Markdown removed, blanks made one. Empty for the first. */
  readonly glue: string;
  /** More than one blank, or a tab, separates it: it may be the next column. */
  readonly wide: boolean;
  /** It is a piece of a longer code: a letter touches it, or `-` or `_` join it to letters mixed with digits. */
  readonly stuck: boolean;
}

/** Groups with nothing but punctuation and blanks between them. */
export type DigitChain = readonly DigitGroup[];

const LETTER = /\p{L}/u;
const MIXED_TOKEN = /(?:\d[a-z]|[a-z]\d)[a-z\d]*[-_]$/i;
const WIDE = /\t|\s{2}/;
const INVISIBLE = /[*`\\~]+/g;

/** Reads the chain of digits that begins and ends with a digit at `start` and right before `end`. */
export function readChain(text: string, start: number, end: number): DigitChain {
  const groups: { at: number; digits: string; glue: string; wide: boolean; stuck: boolean }[] = [];
  let i = start;
  let between = start;
  while (i < end) {
    while (!isDigit(text.charCodeAt(i))) i++;
    const at = i;
    while (i < end && isDigit(text.charCodeAt(i))) i++;
    const raw = text.slice(between, at);
    const glue = plainGlue(raw);
    const digits = text.slice(at, i);
    const last = groups.at(-1);
    if (last !== undefined && glue === "") last.digits += digits;
    else
      groups.push({ at, digits, glue, wide: raw !== glue && glue === " " && WIDE.test(raw), stuck: false });
    between = i;
  }
  const [first, last] = [groups[0], groups.at(-1)];
  if (first !== undefined) first.stuck = isStuckBefore(text, start);
  if (last !== undefined && LETTER.test(text.charAt(end))) last.stuck = true;
  return groups;
}

function plainGlue(between: string): string {
  if (between === " " || between === "-" || between === "") return between;
  const shown = between.replace(INVISIBLE, "");
  if (shown.includes("\n")) return "\n";
  return shown.replace(/[ \t]+/g, " ");
}

function isStuckBefore(text: string, at: number): boolean {
  return LETTER.test(text.charAt(at - 1)) || MIXED_TOKEN.test(text.slice(Math.max(0, at - 14), at));
}
