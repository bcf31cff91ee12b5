import { RE2JS } from "re2js";

const MAX_LENGTH = 1000;

/** Sizes of the patterns asked for last: the same ones are checked at every reload. */
const sizes = new Map<string, number>();
const MAX_SIZES = 1_000;

/** Steps of the program that a pattern in RE2 syntax compiles to; 0 for one that does not. */
export function patternSize(pattern: string): number {
  const known = sizes.get(pattern);
  if (known !== undefined) return known;
  if (pattern.length > MAX_LENGTH) return 0;
  let size = 0;
  try {
    size = RE2JS.compile(pattern).programSize();
  } catch {
    // `checkPattern` says what is wrong.
  }
  if (sizes.size >= MAX_SIZES) sizes.clear();
  sizes.set(pattern, size);
  return size;
}

/** Patterns that were good when they were asked for last: teams have many in common. */
const good = new Set<string>();

/**
 * What is wrong with a pattern in RE2 syntax; nothing when it is good.
 *
 * @param effect what a pattern does that every text holds
 */
export function checkPattern(pattern: string, effect = "stop every email"): string | undefined {
  if (good.has(pattern)) return undefined;
  if (pattern.length > MAX_LENGTH) return `Pattern must not be longer than ${MAX_LENGTH} characters`;
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(pattern);
  } catch (error) {
    const reason =
      error instanceof Error ? error.message.replace("error parsing regexp: ", "") : String(error);
    return `Pattern must be in RE2 syntax, without look-around and back references: ${reason.slice(0, 200)}`;
  }
  if (compiled.matcher("").find()) return `Pattern matches the empty text, so it would ${effect}`;
  if (good.size >= MAX_SIZES) good.clear();
  good.add(pattern);
  return undefined;
}
