import type { DigitChain } from "../survey/digit_chain.ts";
import type { Survey } from "../survey/survey.ts";
import { matchIssuer } from "./_card_issuer.ts";
import { NumberLabels } from "./_number_labels.ts";

const MIN_DIGITS = 12;
const MAX_DIGITS = 19;

/** How cards are embossed: 4-4-4-4 with or without a rest, American Express, Diners Club, UnionPay. */
const EMBOSSED = /^(?:4,4,4,4(?:,[1-3])?|4,6,5|4,6,4|6,13|6,10|8,8)$/;

const MAX_EMBOSSED_GROUPS = 5;

const CARD_WORD =
  /(?<![a-z])(?:cards?|visa|master ?card|amex|american express|diners|jcb|union ?pay|maestro|cvv2?|cvc2?|pan|cc|carte (?:bleue|bancaire|de cr[eé]dit)|(?:kredit)?karte|tarjeta|cart[aã]o)(?![a-z])/i;

/** French company numbers: 14 digits, check digit by Luhn, and on every French invoice. */
const SIRET = /siret|siren|(?<![a-z])rcs(?![a-z])/i;

/** Finds a payment card number: issuer range, length and Luhn, standing or grouped as people write cards. */
export function creditCard({ text, chains }: Survey): number {
  const french = chains.some((chain) => countDigits(chain) >= MIN_DIGITS) && SIRET.test(text);
  const labels = new NumberLabels(text);
  for (const chain of chains) {
    for (let first = 0; first < chain.length; first++) {
      const at = cardAt(text, chain, first, { french, labels });
      if (at >= 0) return at;
    }
  }
  return -1;
}

function countDigits(chain: DigitChain): number {
  return chain.reduce((count, { digits }) => count + digits.length, 0);
}

interface Surroundings {
  /** The text has French company numbers. */
  readonly french: boolean;
  readonly labels: NumberLabels;
}

function cardAt(text: string, chain: DigitChain, first: number, { french, labels }: Surroundings): number {
  let digits = "";
  for (let last = first; last < chain.length; last++) {
    const group = chain[last];
    if (group === undefined || digits.length + group.digits.length > MAX_DIGITS) return -1;
    // A part of a longer chain can only be a card if it is grouped like one.
    if (chain.length > MAX_DIGITS && last - first >= MAX_EMBOSSED_GROUPS) return -1;
    digits += group.digits;
    const issuer = digits.length < MIN_DIGITS ? "none" : matchIssuer(digits);
    if (issuer === "none" || !passesLuhn(digits)) continue;
    const at = chain[first]?.at ?? 0;
    const named = CARD_WORD.test(text.slice(Math.max(0, at - 80), group.at + group.digits.length + 40));
    const clear = issuer === "strong" && !(french && digits.length === 14);
    if (named) {
      if (readsAsNamedCard(chain, first, last)) return at;
    } else if (clear && readsAsCard(text, chain, first, last)) {
      // Digits in groups are how cards are written: there the label must say that it is a number.
      if (!labels.isLabelled(at, group.at + group.digits.length, last > first)) return at;
    }
  }
  return -1;
}

/** With a word for a card nearby, any grouping will do, unless the digits are cut out of a longer row of groups. */
function readsAsNamedCard(chain: DigitChain, first: number, last: number): boolean {
  const alone = first === 0 && last === chain.length - 1;
  return alone || first === last || (isEmbossed(chain.slice(first, last + 1)) && isApart(chain, first, last));
}

/** Without one, the digits must stand as a card's do: order numbers, columns of figures and measurements do not. */
function readsAsCard(text: string, chain: DigitChain, first: number, last: number): boolean {
  const groups = chain.slice(first, last + 1);
  if (groups.some((group) => group.stuck) || isPhone(text, chain)) return false;
  if (groups.length === 1) return !isFraction(chain, first);
  const alone = first === 0 && last === chain.length - 1;
  const glue = commonGlue(groups);
  if (glue !== undefined && !isCell(glue)) {
    if (isEmbossed(groups) && isApart(chain, first, last)) return true;
    return alone && groups.length > 2 && (glue !== " " || isRegular(groups));
  }
  if (!alone || isCounting(groups)) return false;
  const inline = groups.every((group) => !isCell(group.glue));
  return inline ? isEmbossed(groups) : isRegular(groups) && !sharesLines(text, groups);
}

function isEmbossed(groups: DigitChain): boolean {
  return EMBOSSED.test(groups.map((group) => group.digits.length).join());
}

/** Groups of one length, but for a shorter rest. */
function isRegular(groups: DigitChain): boolean {
  const [size = 0] = groups.map((group) => group.digits.length);
  const rest = groups.at(-1)?.digits.length ?? 0;
  return (
    isEmbossed(groups) || (rest <= size && groups.slice(0, -1).every((group) => group.digits.length === size))
  );
}

/** The row of groups does not go on in the same way; a line's number may precede, a date or a CVV follow. */
function isApart(chain: DigitChain, first: number, last: number): boolean {
  const glue = chain[last]?.glue;
  const after = chain[last + 1];
  const before = first === 0 || chain[first]?.glue !== glue || (chain[first - 1]?.digits.length ?? 0) <= 2;
  return before && (after === undefined || after.glue !== glue || after.digits.length < 4);
}

/** The one separator of all groups. A single line end among them is a wrapped line. */
function commonGlue(groups: DigitChain): string | undefined {
  const glues = groups.slice(1).map((group) => group.glue);
  const inline = glues.filter((glue) => glue !== "\n");
  const [glue] = inline;
  if (glue === undefined || glues.length - inline.length > 1) return undefined;
  return inline.every((other) => other === glue) ? glue : undefined;
}

/** What separates the cells of a table or a list. */
function isCell(glue: string): boolean {
  return /[\n|,;]/.test(glue);
}

/** Digits after a decimal point, or before one. A comma may as well separate two cells. */
function isFraction(chain: DigitChain, index: number): boolean {
  const before = chain[index - 1]?.digits ?? "";
  const next = chain[index + 1];
  const glue = chain[index]?.glue;
  if (glue === "." ? before !== "" && before.length < MIN_DIGITS : glue === "," && before === "0")
    return true;
  return next?.glue === "." && !/^00?$/.test(next.digits);
}

/** Numbers that only rise or only fall are years, ids or a series. */
function isCounting(groups: DigitChain): boolean {
  const numbers = groups.map((group) => Number(group.digits));
  const rises = numbers.slice(1).map((number, i) => Math.sign(number - (numbers[i] ?? 0)));
  return rises.length > 1
    ? Math.abs(rises.reduce((sum, rise) => sum + rise, 0)) === rises.length
    : rises[0] === 1;
}

/** International numbers have at most 15 digits (E.164). */
function isPhone(text: string, chain: DigitChain): boolean {
  const at = chain[0]?.at ?? 0;
  return /\+ ?\(?$/.test(text.slice(Math.max(0, at - 3), at));
}

/** A row with words in it is a row of figures. */
function sharesLines(text: string, groups: DigitChain): boolean {
  const [first, last] = [groups[0], groups.at(-1)];
  if (first === undefined || last === undefined) return false;
  const before = text
    .slice(Math.max(0, first.at - 200), first.at)
    .split("\n")
    .at(-1);
  const after = text.slice(last.at, last.at + 200).split("\n", 1)[0];
  return /\p{L}/u.test(`${before}${after}`);
}

/** Whether the last digit is the check digit of the others (ISO/IEC 7812-1, annex B). Only digits are expected. */
function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = digits.length - 1, twice = false; i >= 0; i--, twice = !twice) {
    const digit = digits.charCodeAt(i) - 0x30;
    sum += twice ? (digit > 4 ? 2 * digit - 9 : 2 * digit) : digit;
  }
  return sum % 10 === 0;
}
