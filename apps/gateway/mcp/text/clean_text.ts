/** Text without what nobody sees, and how much of that there was. */
export interface CleanText {
  readonly text: string;
  /** Characters removed: control, direction, zero-width and tag characters, in which orders can hide. */
  readonly removed: number;
}

const LINE_ENDS = /\r\n?|[\n\v\f\u0085\u2028\u2029]/g;

/**
 * What is not shown on a screen, or changes what is: control and format characters (ANSI's escape, direction overrides),
 * those that Unicode says to ignore (zero-width, tags, fillers), lone surrogates and private characters.
 */
const UNSEEN = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Default_Ignorable_Code_Point}]/gu;

/** Makes text from outside show all that is in it: every line ends in `\n`, and nothing is left that hides. */
export function cleanText(text: string): CleanText {
  let removed = 0;
  const clean = text.replaceAll(LINE_ENDS, "\n").replaceAll(UNSEEN, () => {
    removed++;
    return "";
  });
  return { text: clean, removed };
}
