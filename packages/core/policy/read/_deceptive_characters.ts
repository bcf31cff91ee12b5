/**
 * Characters that do not show or that change how the text around them reads, so that a reviewer would approve something
 * else than what is in force: controls, a lone carriage return, other line separators, zero-width characters and
 * marks of text direction (CVE-2021-42574).
 */
const DECEPTIVE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\0-\x08\v\f\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\r(?!\n)/g;

/** More are not listed one by one. */
const MAX_FOUND = 20;

/** A character that must not be in a policy. */
export interface DeceptiveCharacter {
  readonly offset: number;
  readonly message: string;
}

/** The first deceptive characters of a text. */
export function deceptiveCharacters(text: string): readonly DeceptiveCharacter[] {
  const found: DeceptiveCharacter[] = [];
  for (const match of text.matchAll(DECEPTIVE)) {
    const code = text.charCodeAt(match.index).toString(16).toUpperCase().padStart(4, "0");
    found.push({
      offset: match.index,
      message: `Remove character U+${code}: it does not show, or changes how the text around it reads`,
    });
    if (found.length === MAX_FOUND) break;
  }
  return found;
}
