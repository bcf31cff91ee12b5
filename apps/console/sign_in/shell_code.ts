import { randomInt } from "node:crypto";

/** Consonants that nobody takes for one another, so that no code is a word (RFC 8628, 6.1). */
const LETTERS = "BCDFGHJKLMNPQRSTVWXZ";

const LENGTH = 8;

/** A code for a person to type: `BCDF-GHJK`. */
export function newShellCode(): string {
  const letters = Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join("");
  return `${letters.slice(0, LENGTH / 2)}-${letters.slice(LENGTH / 2)}`;
}

/** A code as it was typed, in the one form that it has; undefined: it is none. */
export function readShellCode(text: string): string | undefined {
  const letters = text.slice(0, 40).toUpperCase().replaceAll(/[\s-]/g, "");
  if (letters.length !== LENGTH || [...letters].some((letter) => !LETTERS.includes(letter))) return undefined;
  return `${letters.slice(0, LENGTH / 2)}-${letters.slice(LENGTH / 2)}`;
}
