import type { Commitment } from "./sealed.ts";
import { COUNT, listOf, maybe, objectOf, type Shape, TEXT } from "./shape.ts";

/**
 * What a decision went by besides the request itself, so that it can be made again by other policies. Nobody is named in it:
 * whom something is about is said by their place in `recipients`. What is as usual is left out; what nobody asked about, too.
 */
export type IntentFacts = {
  /** How long after the call it was judged, in milliseconds. */
  readonly after: number;
  /** Something that no policy says denied it: it came before, its key is gone, another took the last of a limit. */
  readonly beyond?: true;
  /**
   * Groups by which the assistant may be used, and in which who asked was not; absent: they were in no groups but those in
   * `person`.
   */
  readonly claims?: readonly string[];
  /** Recipients whom the team knew; absent: nobody looked. */
  readonly contacts?: readonly number[];
  /** MultiMail had disabled sending for the whole account. */
  readonly disabled?: true;
  /** By attachment, what its file was found to be. */
  readonly files?: readonly FileFacts[];
  /** What was found in files and their names. */
  readonly found?: readonly {
    readonly detector: string;
    readonly file: number;
    readonly line: number;
    /** Absent: the file's content. */
    readonly name?: true;
  }[];
  /** MultiMail said that the mailbox is not active. */
  readonly inactive?: true;
  /**
   * To a JSON object of those settings that were not as the policy declared them: `address`, `allowlist` (a list), `auto_bcc`,
   * `auto_cc` (null: none). Absent: all were.
   */
  readonly live?: Commitment;
  /** By what was looked in files; absent: there was no file, or nothing to look for. */
  readonly looked?: readonly string[];
  /** The mailbox's mode at MultiMail; absent: as declared. */
  readonly mode?: string;
  /** The caller named a mailbox: the team's own, or another; absent: none. */
  readonly named?: "own" | "other";
  /** Of a reply: why the email that it answers could not be had. */
  readonly original?: string;
  /** Whether mail from outside was read in the last `window` milliseconds; absent: nobody looked. */
  readonly outside?: {
    /** How long before the first was read, in milliseconds; absent: none was. */
    readonly read?: number;
    readonly window: number;
    /** Recipients to whom email of the team had left before that. */
    readonly written?: readonly number[];
  };
  /** Email to the same recipients in the last `window` milliseconds, as far as a rule could go by it; absent: nobody looked. */
  readonly recent?: {
    /** Absent: none. */
    readonly emails?: readonly RecentFacts[];
    readonly window: number;
  };
  /** How old was what is known of the live mailbox, in milliseconds, where that was too old; null: nothing was known. */
  readonly seen?: number | null;
  /** The time that the caller asked for, where the hours gave it another; null: none. */
  readonly send_at?: string | null;
  /** Why the mailbox was stopped. */
  readonly stopped?: string;
  /** Who asked may not use the assistant, or nobody knew the team: nothing was looked up. */
  readonly unasked?: true;
  /** Why the email could not be looked through. */
  readonly unscanned?: string;
  /** How much of each limit was used that was counted. */
  readonly used?: readonly UsedFacts[];
};

/** What a file was found to be. */
export type FileFacts = {
  /** The media type of its content, null if that is nothing known; absent: as declared. */
  readonly actual?: string | null;
  /** What is wrong with it; absent: nothing. */
  readonly wrong?: readonly string[];
};

/** A recent email: of another team, or of another assistant of the team. */
export type RecentFacts = {
  /** How long before, in milliseconds. */
  readonly age: number;
  /** How alike it is, from 0 to 1; absent: it is another team's. */
  readonly alike?: number;
  /** Which of the recipients had it. */
  readonly to: readonly number[];
};

/** How much of a limit was used in its window. */
export type UsedFacts = {
  readonly limit: string;
  /** Of a limit by recipient or domain: a recipient, and how much; those who are not listed had none. */
  readonly of?: readonly (readonly [recipient: number, used: number])[];
  /** Of any other; absent: nothing. */
  readonly used?: number;
  /** In milliseconds. */
  readonly window: number;
};

const ALIKE: Shape = (value) => typeof value === "number" && value >= 0 && value <= 1;
const INDICES: Shape = listOf(COUNT);

/** What `facts` of an intent is like. */
export const INTENT_FACTS: Shape = objectOf({
  ...{
    after: COUNT,
    claims: maybe(listOf(TEXT)),
    contacts: maybe(INDICES),
    looked: maybe(listOf(TEXT)),
    live: maybe(TEXT),
  },
  ...{ mode: maybe(TEXT), named: maybe(TEXT), original: maybe(TEXT), seen: maybe(COUNT) },
  ...{ send_at: maybe(TEXT), stopped: maybe(TEXT), unscanned: maybe(TEXT) },
  files: maybe(listOf(objectOf({ actual: maybe(TEXT), wrong: maybe(listOf(TEXT)) }))),
  found: maybe(listOf(objectOf({ detector: TEXT, file: COUNT, line: COUNT }))),
  outside: maybe(objectOf({ read: maybe(COUNT), window: COUNT, written: maybe(INDICES) })),
  recent: maybe(
    objectOf({
      emails: maybe(listOf(objectOf({ age: COUNT, alike: maybe(ALIKE), to: INDICES }))),
      window: COUNT,
    }),
  ),
  used: maybe(
    listOf(objectOf({ limit: TEXT, of: maybe(listOf(INDICES)), used: maybe(COUNT), window: COUNT })),
  ),
});
