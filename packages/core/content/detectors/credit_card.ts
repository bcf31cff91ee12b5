import type { DigitChain, DigitGroup } from "../survey/digit_chain.ts";
import { isCell, mayBeginApart, standsApart } from "../survey/stands_apart.ts";
import type { Survey } from "../survey/survey.ts";
import { matchIssuer } from "./_card_issuer.ts";
import { NumberLabels } from "./_number_labels.ts";

const MIN_DIGITS = 12;
const MAX_DIGITS = 19;

/** How cards are embossed: 4-4-4-4 with or without a rest, American Express, Diners Club, UnionPay. */
const EMBOSSED = /^(?:4,4,4,4(?:,[1-3])?|4,6,5|4,6,4|6,13|6,10|8,8)$/;

const DATE = /^[0-3]?\d\.[0-3]?\d\.(?:19|20)\d\d$/;

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
    // A part of a longer row of groups can only be a card if it is grouped like one.
    if (last - first === MAX_EMBOSSED_GROUPS && !mayBeginApart(chain, first)) return -1;
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
  if (first === last || standsApart(chain, first, last)) return true;
  return isEmbossed(chain.slice(first, last + 1)) && isApart(chain, first, last);
}

/** Without one, the digits must stand as a card's do: order numbers, columns of figures and measurements do not. */
function readsAsCard(text: string, chain: DigitChain, first: number, last: number): boolean {
  const groups = chain.slice(first, last + 1);
  if (groups.some((group) => group.stuck) || isPhone(text, chain, last)) return false;
  if (groups.length === 1) return !isFraction(chain, first);
  const whole = groups.length === chain.length;
  const alone = standsApart(chain, first, last);
  const glue = commonGlue(groups);
  if (glue !== undefined && !isCell(glue)) {
    if (isEmbossed(groups) && isApart(chain, first, last)) return true;
    if (!alone || groups.length < 3) return false;
    return isRegular(groups) || (glue !== " " && (whole || !groups.slice(1).some(endsLine)));
  }
  if (!alone || isCounting(groups)) return false;
  const inline = groups.every((group) => !isCell(group.glue));
  return inline
    ? isEmbossed(groups)
    : isRegular(groups) && !sharesLines(text, groups) && !isRow(chain, first, last);
}

function isEmbossed(groups: DigitChain): boolean {
  return EMBOSSED.test(groups.map((group) => group.digits.length).join());
}

function endsLine({ glue }: DigitGroup): boolean {
  return glue === "\n";
}

/** Groups of one length, but for a shorter rest. */
function isRegular(groups: DigitChain): boolean {
  const [size = 0] = groups.map((group) => group.digits.length);
  const rest = groups.at(-1)?.digits.length ?? 0;
  return (
    isEmbossed(groups) || (rest <= size && groups.slice(0, -1).every((group) => group.digits.length === size))
  );
}

/** The row of groups does not go on in the same way; a line's number or a date may precede, a date or a CVV follow. */
function isApart(chain: DigitChain, first: number, last: number): boolean {
  const glue = chain[last]?.glue;
  const after = chain[last + 1];
  const before =
    first === 0 ||
    chain[first]?.glue !== glue ||
    (chain[first - 1]?.digits.length ?? 0) <= 2 ||
    isDate(chain.slice(Math.max(0, first - 3), first));
  return before && (after === undefined || after.glue !== glue || after.digits.length < 4);
}

function isDate(groups: DigitChain): boolean {
  const [, month, year] = groups;
  return month?.glue === year?.glue && DATE.test(groups.map(({ digits }) => digits).join("."));
}

/** The one separator of all groups. A single line end among them is a wrapped line. */
function commonGlue(groups: DigitChain): string | undefined {
  const glues = groups.slice(1).map((group) => group.glue);
  const inline = glues.filter((glue) => glue !== "\n");
  const [glue] = inline;
  if (glue === undefined || glues.length - inline.length > 1) return undefined;
  return inline.every((other) => other === glue) ? glue : undefined;
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

/** The chain begins with a plus, and these are still the digits of that number: at most 15 (E.164). */
function isPhone(text: string, chain: DigitChain, last: number): boolean {
  let digits = 0;
  for (let i = 0; i <= last && digits <= 15; i++) digits += chain[i]?.digits.length ?? 0;
  const at = chain[0]?.at ?? 0;
  return digits <= 15 && /\+ ?\(?$/.test(text.slice(Math.max(0, at - 3), at));
}

/** Cells with more such cells around them, but for one at either side: a row of a table, as of answers to questions. */
function isRow(chain: DigitChain, first: number, last: number): boolean {
  const glue = commonGlue(chain.slice(first, last + 1));
  if (glue === undefined) return false;
  const near = [
    ...chain.slice(Math.max(0, first - MAX_DIGITS), first + 1),
    ...chain.slice(last + 1, last + MAX_DIGITS),
  ];
  return near.filter((group) => group.glue === glue).length > 2;
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
