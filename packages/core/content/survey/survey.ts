import { codesOf, OTHER_CURRENCY, OTHER_LETTER } from "./_codes_of.ts";
import { type DigitChain, readChain } from "./digit_chain.ts";
import { IBAN_STRUCTURES } from "./iban_structures.ts";

/** What one pass over a text tells, so that each detector looks only where there can be something. */
export interface Survey {
  readonly text: string;
  /** Printable ASCII without `%`, `&`, `<` and `\`: it has no other form. */
  readonly plain: boolean;
  /** Digits with only punctuation between them, from nine digits on. */
  readonly chains: readonly DigitChain[];
  /** Where a country code is that digits follow, as in an IBAN. */
  readonly ibans: readonly number[];
  /** Characters of the longest run that could be base64. */
  readonly longestToken: number;
  /** Most words of two or four characters in a row, as in `34 31 31 31`. */
  readonly longestPairs: number;
  /** Most words of one length in a row, as of a key in groups; each counts as `weightOfGroup` says. */
  readonly groups: number;
  /** How many `=` there are. */
  readonly equals: number;
}

const DIGIT = 1;
const LETTER = 2;
/** Letters, digits and the rest of base64 and base64url. */
const TOKEN = 4;
const WORD = LETTER | TOKEN;
/** Has, or is part of, another form. */
const SPECIAL = 8;
/** Ends a number: it is an amount or a percentage. */
const STOP = 16;
const NEW_LINE = 32;
const EQUALS = 64;

/** What each code of `codesOf` is. */
const CLASSES = new Uint8Array(256);
const mark = (characters: string, bits: number): void => {
  for (const character of characters)
    CLASSES[character.charCodeAt(0)] = bits | (CLASSES[character.charCodeAt(0)] ?? 0);
};
CLASSES.fill(SPECIAL);
CLASSES.fill(0, 0x20, 0x7f);
CLASSES.fill(DIGIT | TOKEN, 0x30, 0x3a);
CLASSES.fill(WORD, 0x41, 0x5b);
CLASSES.fill(WORD, 0x61, 0x7b);
CLASSES[OTHER_LETTER] = SPECIAL | STOP;
CLASSES[OTHER_CURRENCY] = SPECIAL | STOP;
CLASSES.fill(0, 0x09, 0x0b);
CLASSES[0x0d] = 0;
mark("+/_-", TOKEN);
mark("%&<\\", SPECIAL);
mark("$%", STOP);
mark("\n", NEW_LINE);
mark("=", EQUALS);

const MIN_CHAIN = 9;
/** Between two digits of one chain; and lines that it may be spread over in between. */
const MAX_GLUE = 14;
const MAX_LINES = 2;
/** Between two characters of an IBAN. */
const MAX_IBAN_GLUE = 3;

const COUNTRIES = new Uint8Array(26 * 26);
for (const country of IBAN_STRUCTURES.keys()) {
  COUNTRIES[(country.charCodeAt(0) - 0x41) * 26 + country.charCodeAt(1) - 0x41] = 1;
}

/** Reads a text once. Linear, a few nanoseconds a character. */
export function survey(text: string): Survey {
  const codes = codesOf(text);
  const numbers = new NumberFinder(text, codes);
  let special = 0;
  let longestToken = 0;
  let pairs = 0;
  let longestPairs = 0;
  let equal = 0;
  let groups = 0;
  let lastLength = 0;
  let equals = 0;
  for (let i = 0; i < text.length; ) {
    const start = i;
    let kinds = 0;
    for (let bits = classAt(codes, i); (bits & TOKEN) !== 0; bits = classAt(codes, ++i)) kinds |= bits;
    const length = i - start;
    if (length === 0) {
      const bits = classAt(codes, i);
      special |= bits;
      if ((bits & EQUALS) !== 0) equals++;
      if (numbers.open) numbers.pass(i, bits);
      i++;
      continue;
    }
    if (length > longestToken) longestToken = length;
    pairs = length === 2 || length === 4 ? pairs + 1 : 0;
    if (pairs > longestPairs) longestPairs = pairs;
    if (length === lastLength) {
      equal++;
      const weight = equal * weightOfGroup(length);
      if (weight > groups) groups = weight;
    } else equal = 1;
    lastLength = length;
    if (kinds === WORD) numbers.end();
    else for (let at = start; at < i; at++) numbers.pass(at, classAt(codes, at));
  }
  numbers.end();
  const { chains, ibans } = numbers;
  return {
    text,
    plain: (special & SPECIAL) === 0,
    chains,
    ibans,
    longestToken,
    longestPairs,
    groups,
    equals,
  };
}

/** What a word of this length counts as a group: short ones stand side by side in any prose. */
export function weightOfGroup(length: number): number {
  if (length < 3) return 0;
  return length < 8 ? 1 : length < 16 ? 2 : 3;
}

function classAt(codes: Uint8Array, at: number): number {
  return CLASSES[codes[at] ?? 0] ?? 0;
}

/** Collects chains of digits, and where IBANs can begin. */
class NumberFinder {
  readonly chains: DigitChain[] = [];
  readonly ibans: number[] = [];
  readonly #text: string;
  readonly #codes: Uint8Array;
  #start = -1;
  #last = -2;
  #count = 0;
  #lines = 0;

  constructor(text: string, codes: Uint8Array) {
    this.#text = text;
    this.#codes = codes;
  }

  /** Whether a chain goes on. */
  get open(): boolean {
    return this.#start >= 0;
  }

  /** Takes the next character, which is of the class `bits`. What is no digit may be left out while none is `open`. */
  pass(at: number, bits: number): void {
    if ((bits & DIGIT) !== 0) {
      const country = this.#last === at - 1 ? -1 : countryBefore(this.#codes, at);
      if (country >= 0) this.ibans.push(country);
      if (this.#start < 0) this.#start = at;
      this.#last = at;
      this.#count++;
      this.#lines = 0;
    } else if (this.#start >= 0) {
      if ((bits & NEW_LINE) !== 0) this.#lines++;
      const over = this.#lines > MAX_LINES || at - this.#last > MAX_GLUE;
      if (over || (bits & (LETTER | STOP)) !== 0) this.end();
    }
  }

  /** Ends the number: a letter follows, or nothing. */
  end(): void {
    if (this.#start < 0) return;
    if (this.#count >= MIN_CHAIN) this.chains.push(readChain(this.#text, this.#start, this.#last + 1));
    this.#start = -1;
    this.#count = 0;
    this.#lines = 0;
  }
}

/** Where the country code of an IBAN begins whose check digits begin at `digit`, or -1. */
function countryBefore(codes: Uint8Array, digit: number): number {
  const second = stepBack(codes, digit);
  const first = second < 0 ? -1 : stepBack(codes, second);
  if (first < 0) return -1;
  const country = (upper(codes[first]) - 0x41) * 26 + upper(codes[second]) - 0x41;
  return COUNTRIES[country] === 1 ? first : -1;
}

/** The position of the letter before, over a few characters that are none; -1 for a digit or nothing. */
function stepBack(codes: Uint8Array, from: number): number {
  for (let i = from - 1; i >= 0 && i >= from - 1 - MAX_IBAN_GLUE; i--) {
    const bits = classAt(codes, i);
    if ((bits & LETTER) !== 0) return i;
    if ((bits & DIGIT) !== 0) return -1;
  }
  return -1;
}

function upper(code = 0): number {
  return code & ~0x20;
}
