import { decodeEscapes } from "./_decode_escapes.ts";
import { fold } from "./_fold.ts";
import { removeInvisible } from "./_remove_invisible.ts";
import { stripTags } from "./_strip_tags.ts";

/** One text, seen past what hides its meaning. Line ends are where they are in the original, in every view. */
export interface Views {
  readonly original: string;
  /** Unicode NFKC, without invisible characters, with escapes decoded. */
  readonly clear: string;
  /** `clear` with look-alike letters, digits and punctuation written in ASCII. */
  readonly folded: string;
  /** `folded` as a mail program shows it: without HTML tags. The same string when there are none. */
  readonly untagged: string;
}

/** Escapes of escapes are followed so far: a bound, since each round reads the whole text. */
const MAX_ROUNDS = 4;

/** Text that needs no work: printable ASCII without `%`, `&`, `<` and `\`. */
const PLAIN = /^[\t\n\r -$'-;=-[\]-~]*$/;
const PRINTABLE_ASCII = /^[\t\n\r -~]*$/;

/** NFKC sorts a run of marks in quadratic time; no writing needs more than this on one letter (UAX #15, stream-safe). */
const MARK_RUNS = /(\p{M}{30})\p{M}+/gu;
const MAX_MARKS = 30;

/** Shows a text as a reader or a program would take it, whatever it was dressed up with. Linear time; total. */
export function normalize(text: string): Views {
  if (PLAIN.test(text)) return { original: text, clear: text, folded: text, untagged: text };
  const clear = clearText(text);
  const folded = PRINTABLE_ASCII.test(clear) ? clear : fold(clear);
  return { original: text, clear, folded, untagged: stripTags(folded) };
}

function clearText(text: string): string {
  let current = clearCharacters(text);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const next = decodeEscapes(current);
    if (next === current) break;
    current = clearCharacters(next);
  }
  return current;
}

function clearCharacters(text: string): string {
  if (PRINTABLE_ASCII.test(text)) return text;
  const bounded = mayHoldMarkRun(text) ? text.replace(MARK_RUNS, "$1") : text;
  return removeInvisible(bounded.normalize("NFKC"));
}

/** The expression costs ten times as much as this loop, and hardly any text needs it. */
function mayHoldMarkRun(text: string): boolean {
  let run = 0;
  for (let i = 0; i < text.length; i++) {
    run = text.charCodeAt(i) < 0x300 ? 0 : run + 1;
    if (run > MAX_MARKS) return true;
  }
  return false;
}
