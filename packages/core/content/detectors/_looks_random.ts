import { isDigit, isLetter } from "../survey/alphanumeric.ts";

/** How often neighbours differ in kind (small letter, capital, digit), from 0 to 1: about 0.1 in prose, 0.5 in keys. */
export function changeRate(token: string): number {
  let changes = 0;
  for (let i = 1; i < token.length; i++) {
    if (kindOf(token.charCodeAt(i)) !== kindOf(token.charCodeAt(i - 1))) changes++;
  }
  return token.length < 2 ? 0 : changes / (token.length - 1);
}

/** Whether a key could be made of this: it has a digit and many different characters, and is not words joined by `_`. */
export function isNoPlaceholder(token: string): boolean {
  const longest = Math.max(...token.split(/[^A-Za-z0-9]+/).map((part) => part.length));
  return /\d/.test(token) && new Set(token).size >= 7 && longest >= 10;
}

/** Whether most of a text is in pieces that could be words or numbers, and these are not all of one length. */
export function readsAsWords(pieces: readonly string[]): boolean {
  const [first = "", ...rest] = pieces;
  if (rest.length > 1 && rest.slice(0, -1).every((piece) => piece.length === first.length)) return false;
  const words = pieces.filter((piece) => piece.length > 1 && /^(?:[A-Z]?[a-z]+|[A-Z]+|\d+)$/.test(piece));
  return words.join("").length * 2 > pieces.join("").length;
}

function kindOf(code: number): number {
  if (isDigit(code)) return 1;
  if (!isLetter(code)) return 0;
  return code < 0x5b ? 2 : 3;
}
