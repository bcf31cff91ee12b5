import { decodeBase64 } from "../embedded/decode_base64.ts";
import type { Survey } from "../survey/survey.ts";
import { brokenWordAfter, brokenWordBefore, isBreak, readPieces, readSolid } from "./_broken_text.ts";
import { connectionString } from "./_connection_string.ts";
import { KEY_KINDS, type KeyKind } from "./_key_kinds.ts";
import { changeRate, isNoPlaceholder, isPlaceholder, isRegular, readsAsWords } from "./_looks_random.ts";
import { namedKey } from "./_named_keys.ts";
import { SignedLinks } from "./_signed_links.ts";
import type { DetectorOptions } from "./detector.ts";

/** As much of a key as is read: it is recognised by its beginning. */
const MAX_LENGTH = 100;
/** In a word that only happens to begin like a key, and in one put together over blanks. */
const MIN_CHANGES = 0.2;
const MIN_CHANGES_BROKEN = 0.3;
/** The same for keys of capitals with few digits among them. */
const MIN_CHANGES_FEW = 0.05;
/** Read over breaks, beyond the fewest characters. */
const MORE = 8;
/** What may stand before a prefix and belong to the key. */
const MAX_BEFORE = 80;

/** Prefixes are found by the last of their characters that is one of these: each is rare in prose. */
const ANCHORS = ["_", "-", "K", "J", "z", "I", "Q", "G", "T", "C", "9", "/", ":", "p", "v"];

/** Breaks that `brokenWordBefore` passes over, and those that a prefix itself may have. */
const MAX_NEIGHBOUR = 10;

interface Anchored {
  readonly kind: KeyKind;
  /** The prefix up to its last anchor, and what follows. */
  readonly head: string;
  readonly tail: string;
}

/**
 * Kinds by what stands before the anchor, breaks left out, so that most anchors in a text cost one look; those that begin
 * with their anchor are among each.
 */
type ByNeighbour = ReadonlyMap<number, readonly Anchored[]>;

/** For prefixes that begin with their anchor. */
const ANY_NEIGHBOUR = -1;

const NONE: readonly Anchored[] = [];

const KINDS_BY_ANCHOR: readonly (readonly [string, ByNeighbour])[] = ANCHORS.map((anchor) => {
  const byNeighbour = new Map<number, Anchored[]>();
  for (const kind of KEY_KINDS) {
    if (ANCHORS.find((candidate) => kind.prefix.includes(candidate)) !== anchor) continue;
    const end = kind.prefix.lastIndexOf(anchor) + 1;
    const anchored = { kind, head: kind.prefix.slice(0, end), tail: kind.prefix.slice(end) };
    const neighbour = neighbourBefore(anchored.head, end - 1);
    byNeighbour.set(neighbour, [...(byNeighbour.get(neighbour) ?? []), anchored]);
  }
  const free = byNeighbour.get(ANY_NEIGHBOUR) ?? [];
  for (const [neighbour, kinds] of byNeighbour)
    if (kinds !== free) byNeighbour.set(neighbour, [...kinds, ...free]);
  return [anchor, byNeighbour];
});

/** The code before a position that breaks nothing. */
function neighbourBefore(text: string, at: number): number {
  let i = at - 1;
  while (i >= 0 && at - i <= MAX_NEIGHBOUR && isBreak(text.charCodeAt(i))) i--;
  return i < 0 ? ANY_NEIGHBOUR : text.charCodeAt(i);
}

/** Without a prefix: shortest token that can be a key. */
const MIN_NAMED = 20;

const JSON_WEB_TOKEN = "eyJ";

/**
 * Finds a key of a known service, whole or broken by blanks, line ends, quotes or emphasis; a value that is named a key;
 * a password in a connection string; a signed link that does not end.
 */
export function apiKey({ text, longestToken }: Survey, { now }: DetectorOptions): number {
  const links = new SignedLinks(text, now);
  for (const [anchor, byNeighbour] of KINDS_BY_ANCHOR) {
    const free = byNeighbour.get(ANY_NEIGHBOUR) ?? NONE;
    for (let i = text.indexOf(anchor); i >= 0; i = text.indexOf(anchor, i + 1)) {
      for (const { kind, head, tail } of byNeighbour.get(neighbourBefore(text, i)) ?? free) {
        const at = brokenWordBefore(text, i + 1, head, true);
        const end = at < 0 ? -1 : brokenWordAfter(text, i + 1, tail);
        if (end < 0 || !isKey(text, at, end, kind)) continue;
        if (!links.isEnding(at) && !isEndingToken(text, at, kind, links, now)) return at;
      }
    }
  }
  const connection = connectionString(text);
  if (connection >= 0 || longestToken < MIN_NAMED) return connection;
  const named = namedKey(text, (at) => !links.isEnding(at));
  return named >= 0 ? named : links.firstEndless();
}

/** In a link, a token that says itself that it ends soon is like the signature of one. */
function isEndingToken(
  text: string,
  at: number,
  { prefix, accepts, max }: KeyKind,
  links: SignedLinks,
  now: number | undefined,
): boolean {
  if (prefix !== JSON_WEB_TOKEN || !links.isInLink(at)) return false;
  return jwtEnds(readSolid(text, at, (max ?? MAX_LENGTH) * 2, accepts), now);
}

function isKey(text: string, at: number, start: number, kind: KeyKind): boolean {
  if (kind.before !== undefined && !kind.before.test(text.slice(Math.max(0, at - MAX_BEFORE), at)))
    return false;
  const inside = kind.before === undefined && isInside(text, at, kind);
  if (inside && kind.weak) return false;
  const solid = readSolid(text, start, kind.max ?? MAX_LENGTH, kind.accepts);
  const whole = start - at === kind.prefix.length;
  if (whole && hasLength(solid, kind) && isLikely(solid, kind)) return true;
  if (inside) return false;
  const most = kind.exact ? kind.min : kind.shape ? (kind.max ?? MAX_LENGTH) : kind.min + MORE;
  const pieces = readPieces(text, start, most, kind.accepts);
  // What is in one piece was looked at above, but for a key that more of the same follows.
  if (whole && pieces.length === 1 && !kind.exact) return false;
  const token = pieces.join("");
  const rate = kind.few ? MIN_CHANGES_FEW : MIN_CHANGES_BROKEN;
  if (token.length < kind.min || changeRate(token) < rate || readsAsWords(pieces)) return false;
  return isLikely(token, kind) && (isRegular(pieces) || kind.shape !== undefined || isNoPlaceholder(token));
}

/** A letter or digit before the prefix: it may be the middle of a word. */
function isInside(text: string, at: number, kind: KeyKind): boolean {
  return (kind.weak ? /[A-Za-z0-9_-]/ : /[A-Za-z0-9]/).test(text.charAt(at - 1));
}

function hasLength(token: string, kind: KeyKind): boolean {
  return kind.exact ? token.length === kind.min : token.length >= kind.min;
}

function isLikely(token: string, kind: KeyKind): boolean {
  if (kind.shape !== undefined) {
    const match = kind.shape.exec(token);
    return (
      match !== null && (!kind.weak || changeRate(token) >= MIN_CHANGES) && !isPlaceholder(match[1] ?? token)
    );
  }
  if (kind.weak) return changeRate(token) >= MIN_CHANGES && isNoPlaceholder(token);
  return (kind.few || changeRate(token) > 0) && !isPlaceholder(token);
}

const WEEK_S = 7 * 86_400;
const MAX_BYTES = 4000;

/** Whether a JSON Web Token says that it ends within a week: of being issued (RFC 7519, `iat`), or of `now`, in epoch milliseconds. */
function jwtEnds(token: string, now: number | undefined): boolean {
  const payload = decodeBase64(token.split(".")[1] ?? "", MAX_BYTES);
  if (payload === undefined) return false;
  const text = new TextDecoder().decode(payload);
  const end = numberOf(text, "exp");
  const start = numberOf(text, "iat") ?? (now === undefined ? undefined : now / 1000);
  return end !== undefined && start !== undefined && end - start <= WEEK_S;
}

function numberOf(json: string, name: "exp" | "iat"): number | undefined {
  const found = new RegExp(`"${name}"\\s*:\\s*(\\d{9,11})`).exec(json)?.[1];
  return found === undefined ? undefined : Number(found);
}
