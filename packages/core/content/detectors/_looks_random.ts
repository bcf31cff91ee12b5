import { isDigit, isLetter } from "../survey/alphanumeric.ts";

/** How often neighbours differ in kind (small letter, capital, digit), from 0 to 1: about 0.1 in prose, 0.5 in keys. */
export function changeRate(token: string): number {
  let changes = 0;
  for (let i = 1; i < token.length; i++) {
    if (kindOf(token.charCodeAt(i)) !== kindOf(token.charCodeAt(i - 1))) changes++;
  }
  return token.length < 2 ? 0 : changes / (token.length - 1);
}

/** What people write where a key goes: `your_api_key_here`, `REPLACE-ME`, `thisIsNotARealToken`. */
const PLACEHOLDER_WORDS =
  /your|here|goes|this|that|with|from|real|example|sample|demo|dummy|fake|mock|test|live|prod|place|holder|replace|change|insert|paste|enter|fill|redact(?:ed)?|remove[d]?|hidden|mask(?:ed)?|secret|token|pass(?:word|wd)?|access|api|key|keys|code|value|string|personal|private|public|account|user|name|client|server|service|app|bot|webhook|project|team|company|organi[sz]ation|workspace|github|gitlab|google|slack|stripe|openai|azure|amazon|hugging|face|documentation|docs|config|registry|settings?|some|thing|random|long|valid|invalid|actual|new|old|the|and|for|not|now|please|see|use|put|get|set|todo|tbd|xyz|foo|bar|baz|abc|num(?:ber)?|char(?:acter)?s?|letter|digit|dont|do|my|me|is|to|in|id|of|an|on|it/gi;
/** Of a token's letters and digits. */
const MOSTLY = 0.6;
const MIN_DIFFERENT = 7;
/** Pieces of a token that are looked at by themselves. */
const MIN_PIECE = 8;
/** Longest piece that is repeated, as in `deadbeefdeadbeef`. */
const MAX_PERIOD = 10;

/**
 * Whether a text stands for a key rather than being one: told by repetition (`xxxxxxxx`, `12341234`), by rows
 * (`abcdefgh`, `12345678`) and by words. A random key is none of these, with digits or without.
 */
export function isPlaceholder(token: string): boolean {
  const solid = token.replace(/[^A-Za-z0-9]+/g, "");
  if (new Set(solid).size < MIN_DIFFERENT) return true;
  if (isWordsJoined(token) || isRow(solid) || isRepeated(solid)) return true;
  const long = token.split(/[^A-Za-z0-9]+/).filter((piece) => piece.length >= MIN_PIECE);
  if (long.length > 1 && long.every((piece) => isRow(piece) || isRepeated(piece))) return true;
  const words = solid.match(PLACEHOLDER_WORDS) ?? [];
  return words.join("").length >= solid.length * MOSTLY;
}

/** Whether a text is nothing but such words. */
export function isWordsOnly(text: string): boolean {
  return text.replace(PLACEHOLDER_WORDS, "").replace(/[^A-Za-z0-9]/g, "") === "";
}

/** Whether a text is one sign again and again: a mask. */
export function isRepeatedSign(text: string): boolean {
  return new Set(text.toLowerCase()).size < 2;
}

/** Whether a key could be made of this although nothing says so for certain: it has a digit and a long piece besides. */
export function isNoPlaceholder(token: string): boolean {
  const longest = Math.max(...token.split(/[^A-Za-z0-9]+/).map((part) => part.length));
  return /\d/.test(token) && longest >= 10 && !isPlaceholder(token);
}

/** Whether most of a text is in pieces that could be words or numbers, and these are not all of one length. */
export function readsAsWords(pieces: readonly string[]): boolean {
  if (isRegular(pieces)) return false;
  const words = pieces.filter((piece) => piece.length > 1 && /^(?:[A-Z]?[a-z]+|[A-Z]+|\d+)$/.test(piece));
  return words.join("").length * 2 > pieces.join("").length;
}

/** Whether a text was broken into pieces of one length, but for the last: no words are. */
export function isRegular(pieces: readonly string[]): boolean {
  const [first = "", ...rest] = pieces;
  return rest.length > 1 && rest.slice(0, -1).every((piece) => piece.length === first.length);
}

/** `replace-me-with-yours`: words, capitals or short numbers, joined. */
function isWordsJoined(token: string): boolean {
  const pieces = token.split(/[^A-Za-z0-9]+/).filter((piece) => piece !== "");
  return pieces.length > 1 && pieces.every((piece) => /^(?:[A-Z]?[a-z]+|[A-Z]+|\d{1,4})$/.test(piece));
}

/** Most characters follow the one before, as in `abcdef` and `012345`, or are it. */
function isRow(token: string): boolean {
  let next = 0;
  for (let i = 1; i < token.length; i++) {
    const step = token.charCodeAt(i) - token.charCodeAt(i - 1);
    if (step === 1 || step === 0 || step === -1 || step === -9) next++;
  }
  return next >= (token.length - 1) * MOSTLY;
}

/** Most characters are what stood so many before. */
function isRepeated(token: string): boolean {
  for (let period = 2; period <= MAX_PERIOD && period * 2 < token.length; period++) {
    let same = 0;
    for (let i = period; i < token.length; i++) if (token[i] === token[i - period]) same++;
    if (same >= (token.length - period) * MOSTLY) return true;
  }
  return false;
}

function kindOf(code: number): number {
  if (isDigit(code)) return 1;
  if (!isLetter(code)) return 0;
  return code < 0x5b ? 2 : 3;
}
