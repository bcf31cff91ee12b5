import type { Survey } from "../survey/survey.ts";
import { brokenWordAfter, brokenWordBefore, readPieces, readSolid } from "./_broken_text.ts";
import { KEY_KINDS, type KeyKind } from "./_key_kinds.ts";
import { changeRate, isNoPlaceholder, readsAsWords } from "./_looks_random.ts";

/** As much of a key as is read: it is recognised by its beginning. */
const MAX_LENGTH = 100;
/** In a word that only happens to begin like a key, and in one put together over blanks. */
const MIN_CHANGES = 0.2;
const MIN_CHANGES_BROKEN = 0.3;
/** The same for keys of capitals with few digits among them. */
const MIN_CHANGES_FEW = 0.05;

/** Prefixes are found by one of these characters: each is rare in prose. */
const ANCHORS = ["_", "-", "K", "J", "z", "I", "G"];

interface Anchored {
  readonly kind: KeyKind;
  /** The prefix up to its last anchor, and what follows. */
  readonly head: string;
  readonly tail: string;
}

const KINDS_BY_ANCHOR: readonly (readonly [string, readonly Anchored[]])[] = ANCHORS.map((anchor) => [
  anchor,
  KEY_KINDS.flatMap((kind): Anchored[] => {
    if (ANCHORS.find((candidate) => kind.prefix.includes(candidate)) !== anchor) return [];
    const end = kind.prefix.lastIndexOf(anchor) + 1;
    return [{ kind, head: kind.prefix.slice(0, end), tail: kind.prefix.slice(end) }];
  }),
]);

/** Keys without a prefix, after a word that says what they are: forty characters (AWS), a bearer token (RFC 6750). */
const NAMED_KEY =
  /(?:secret[\w \t"'`:=>-]{0,30}?[\s"'`:=>]([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])|bearer[\s:="'`]{1,4}([\w.~+/=-]{20,400}))/gi;
const MIN_NAMED = 20;

/** Finds a key of a known service, whole or broken by blanks, line ends, quotes or emphasis. */
export function apiKey({ text, longestToken }: Survey): number {
  for (const [anchor, kinds] of KINDS_BY_ANCHOR) {
    for (let i = text.indexOf(anchor); i >= 0; i = text.indexOf(anchor, i + 1)) {
      for (const { kind, head, tail } of kinds) {
        const at = brokenWordBefore(text, i + 1, head, true);
        const end = at < 0 ? -1 : brokenWordAfter(text, i + 1, tail);
        if (end >= 0 && isKey(text, at, end, kind)) return at;
      }
    }
  }
  return longestToken < MIN_NAMED ? -1 : namedKey(text);
}

function isKey(text: string, at: number, start: number, kind: KeyKind): boolean {
  const inside = (kind.weak ? /[A-Za-z0-9_-]/ : /[A-Za-z0-9]/).test(text.charAt(at - 1));
  if (inside && kind.weak) return false;
  const solid = readSolid(text, start, kind.max ?? MAX_LENGTH, kind.accepts);
  const whole = start - at === kind.prefix.length;
  if (whole && hasLength(solid, kind) && isLikely(solid, kind)) return true;
  if (inside) return false;
  const pieces = readPieces(text, start, kind.exact ? kind.min : kind.min + 8, kind.accepts);
  const token = pieces.join("");
  const rate = kind.few ? MIN_CHANGES_FEW : MIN_CHANGES_BROKEN;
  return (
    token.length >= kind.min && changeRate(token) >= rate && !readsAsWords(pieces) && isLikely(token, kind)
  );
}

function hasLength(token: string, kind: KeyKind): boolean {
  return kind.exact ? token.length === kind.min : token.length >= kind.min;
}

function isLikely(token: string, kind: KeyKind): boolean {
  if (kind.weak && changeRate(token) < MIN_CHANGES) return false;
  return kind.shape?.test(token) ?? isNoPlaceholder(token);
}

function namedKey(text: string): number {
  for (const { 1: aws, 2: bearer, index } of text.matchAll(NAMED_KEY)) {
    const key = aws ?? bearer ?? "";
    if (isNoPlaceholder(key) && changeRate(key) >= (aws ? MIN_CHANGES_BROKEN : MIN_CHANGES)) return index;
  }
  return -1;
}
