import { isAlphanumeric } from "../survey/alphanumeric.ts";
import { IBAN_STRUCTURES } from "../survey/iban_structures.ts";
import type { Survey } from "../survey/survey.ts";

/** Blanks and punctuation between two characters of one number. */
const MAX_GLUE = 8;
const LABEL = /iban$/i;

/** Finds an international bank account number (ISO 13616): country, length, structure, and the remainder by 97. */
export function iban({ text, ibans }: Survey): number {
  return ibans.find((at) => isIbanAt(text, at)) ?? -1;
}

function isIbanAt(text: string, at: number): boolean {
  if (isAlphanumeric(text.charCodeAt(at - 1)) && !LABEL.test(text.slice(Math.max(0, at - 4), at)))
    return false;
  const head = read(text, at, 4);
  const structure = /^[A-Z]{2}\d\d$/.test(head.number)
    ? IBAN_STRUCTURES.get(head.number.slice(0, 2))
    : undefined;
  if (structure === undefined) return false;
  const { number, end } = read(text, at, structure.length);
  return (
    !isAlphanumeric(text.charCodeAt(end)) &&
    structure.pattern.test(number.slice(4)) &&
    remainder97(number) === 1
  );
}

/** The next letters and digits in upper case, over a few other characters, and where they end. */
function read(text: string, at: number, length: number): { readonly number: string; readonly end: number } {
  let number = "";
  let end = at;
  for (let glue = 0; end < text.length && number.length < length && glue <= MAX_GLUE; end++) {
    const found = isAlphanumeric(text.charCodeAt(end));
    if (found) number += text.charAt(end);
    glue = found ? 0 : glue + 1;
  }
  return { number: number.toUpperCase(), end };
}

/** The number with its first four characters last and its letters as 10 to 35, modulo 97 (ISO 7064). */
function remainder97(number: string): number {
  let remainder = 0;
  for (const character of number.slice(4) + number.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder;
}
