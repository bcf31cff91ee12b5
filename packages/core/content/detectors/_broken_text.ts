/** How many breaking characters may stand between two characters of one key. */
const MAX_BREAK = 8;
const BREAKS = new Uint8Array(128);
for (const character of " \t\r\n`*~\\'\",+|>-._/") BREAKS[character.charCodeAt(0)] = 1;

/** Arrows, boxes, emoji and other signs, which are no letters of any language. */
function isSign(code: number): boolean {
  return (
    (code >= 0x2010 && code < 0x2c00) ||
    (code >= 0xd83c && code <= 0xd83e) ||
    (code >= 0xdc00 && code < 0xe000)
  );
}

/** Whether the UTF-16 code only breaks a key in two: blanks, line ends, quotes, emphasis, punctuation. */
export function isBreak(code: number): boolean {
  return code < 128 ? BREAKS[code] === 1 : isSign(code);
}

/**
 * Whether `word` ends at `end` (exclusive), with breaks between its characters or without.
 * Returns where it begins, or -1. `exactCase: false` compares ASCII letters in any case.
 */
export function brokenWordBefore(text: string, end: number, word: string, exactCase: boolean): number {
  const fold = exactCase ? 0 : 0x20;
  let at = end;
  for (let i = word.length - 1; i >= 0; i--) {
    const want = word.charCodeAt(i) | fold;
    at--;
    for (let skipped = 0; skipped < MAX_BREAK && i < word.length - 1; skipped++, at--) {
      const code = text.charCodeAt(at);
      if ((code | fold) === want || !isBreak(code)) break;
    }
    if ((text.charCodeAt(at) | fold) !== want) return -1;
  }
  return at;
}

/** Whether `word` follows at `start` in the same way, case being exact. Returns where it ends, or -1. */
export function brokenWordAfter(text: string, start: number, word: string): number {
  let at = start;
  for (let i = 0; i < word.length; i++, at++) {
    const want = word.charCodeAt(i);
    for (let skipped = 0; skipped < MAX_BREAK; skipped++, at++) {
      const code = text.charCodeAt(at);
      if (code === want || !isBreak(code)) break;
    }
    if (text.charCodeAt(at) !== want) return -1;
  }
  return at;
}

/** The next characters for which `accepts` holds, at most `max`, in the pieces into which breaks divide them. */
export function readPieces(
  text: string,
  start: number,
  max: number,
  accepts: (code: number) => boolean,
): readonly string[] {
  const pieces: string[] = [];
  let piece = "";
  let length = 0;
  let breaks = 0;
  for (let i = start; i < text.length && length < max && breaks <= MAX_BREAK; i++) {
    const code = text.charCodeAt(i);
    if (accepts(code)) {
      piece += text.charAt(i);
      length++;
      breaks = 0;
    } else if (isBreak(code)) {
      if (piece !== "") pieces.push(piece);
      piece = "";
      breaks++;
    } else break;
  }
  return piece === "" ? pieces : [...pieces, piece];
}

/** The next characters for which `accepts` holds, at most `max`, up to the first break. */
export function readSolid(
  text: string,
  start: number,
  max: number,
  accepts: (code: number) => boolean,
): string {
  let end = start;
  while (end < text.length && end - start < max && accepts(text.charCodeAt(end))) end++;
  return text.slice(start, end);
}
