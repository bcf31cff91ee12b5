import { patternSetOf } from "./_pattern_set.ts";

/**
 * Whether a text holds what a pattern in RE2 syntax describes. The text is taken as it is: what must be in it must be there
 * for everybody to see.
 */
export function holdsPattern(text: string, pattern: string): boolean {
  return patternSetOf([pattern]).find(text).size > 0;
}
