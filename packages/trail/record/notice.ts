import type { EntryFrame, EntryOf } from "./frame.ts";
import type { Kind } from "./kind.ts";
import { COUNT, FLAG, listOf, maybe, objectOf, TEXT } from "./shape.ts";

/** More emails than these are named by no notice. */
export const MOST_NOTICED = 10_000;

/**
 * `data` of a `notice` record: people were told that email of a team waits, or were to be. The records of one notice have its
 * own id in the place of a receipt. Nothing in it is of the email itself, of its people, or secret.
 */
export type NoticeData = {
  /**
   * `asked`: people are to be told. `sending`: an attempt begins; without a later record nobody knows whether it arrived.
   * `sent`: the channel took it. `failed`: it did not. `dropped`: it was not sent, since nothing waited any more.
   */
  readonly result: "asked" | "sending" | "sent" | "failed" | "dropped";
  /** The channel's name in the organisation's file, and its kind. */
  readonly channel: string;
  readonly over: "slack" | "teams" | "webhook" | "email";
  /** `waiting`: they have not been told of it yet. `escalated`: others may decide from now on too, and are told. */
  readonly about: "waiting" | "reminder" | "escalated";
  /** How many emails it tells of. */
  readonly emails: number;
  /** For `asked` and `sending`: receipts of those emails, of which the first has waited the longest. Else none. */
  readonly receipts: readonly string[];
  /** The how many-th attempt it is or ended, from 1; 0 for `asked`. */
  readonly attempt: number;
  /** For `sending`: the attempt before it began, and nobody knows how it ended: it may have arrived. */
  readonly unsure?: true;
  /** For `asked`: the page of the console to which it leads. */
  readonly link?: string;
  /** For `sent` by email: how many people it went to; for `failed`, how many of them it did reach. */
  readonly people?: number;
  /** For `failed`: what was wrong, in a word: `timeout`, `http_404`. */
  readonly code?: string;
  /** For `failed`: when it is tried again; ISO 8601. Null: it is not. */
  readonly retry_at?: string | null;
};

/** Builds a record of a notice; `receipt` is the notice's own id. */
export function noticeEntry(
  data: NoticeData,
  { at, team, assistant, receipt, policy }: EntryFrame,
): EntryOf<"notice", NoticeData> {
  return { kind: "notice", at, team, assistant, receipt, policy, data };
}

/** A `notice`'s words for people, and what it means to others. */
export const NOTICE: Kind<NoticeData> = {
  words: (data) => {
    const { channel, over, attempt, unsure, people, code, retry_at: retryAt } = data;
    const where = `by ${channel} (${over})`;
    const to = people === undefined ? "" : `, to ${people} ${people === 1 ? "person" : "people"}`;
    switch (data.result) {
      case "asked":
        return `notice asked: ${said(data)}, ${where}`;
      case "sending":
        return `notice sending: ${said(data)}, ${where}, attempt ${attempt}${unsure ? "; NOBODY KNOWS WHETHER the one before arrived" : ""}`;
      case "failed":
        return `notice FAILED: ${code ?? "unknown"}, ${where}, attempt ${attempt}${to}, ${typeof retryAt === "string" ? `again at ${retryAt}` : "given up"}`;
      case "dropped":
        return `notice dropped: nothing waits any more, ${where}`;
      default:
        return `notice ${data.result}: ${said(data)}, ${where}${to}`;
    }
  },
  shown: ({ result, channel, over, about, emails, receipts, attempt, ...rest }) => ({
    facts: [
      ...[
        ["notice", result] as const,
        ["about", about] as const,
        ["channel", `${channel} (${over})`] as const,
      ],
      ["emails", String(emails)],
      ...(receipts.length === 0 ? [] : [["receipts", shortList(receipts)] as const]),
      ...(attempt === 0 ? [] : [["attempt", String(attempt)] as const]),
      ...Object.entries(rest).flatMap(([name, value]) =>
        value === null ? [] : [[name.replaceAll("_", " "), String(value)] as const],
      ),
    ],
  }),
  shape: objectOf({
    ...{ result: TEXT, channel: TEXT, over: TEXT, about: TEXT, emails: COUNT, receipts: listOf(TEXT) },
    ...{ attempt: COUNT, unsure: maybe(FLAG), link: maybe(TEXT), people: maybe(COUNT) },
    ...{ code: maybe(TEXT), retry_at: maybe(TEXT) },
  }),
  shared: false,
  commitments: [],
};

function said({ about, emails }: NoticeData): string {
  const many = `${emails} ${emails === 1 ? "email" : "emails"}`;
  if (about === "escalated") return `${many} on which others may decide too now`;
  return `${many} ${emails === 1 ? "waits" : "wait"}${about === "reminder" ? " still" : ""}`;
}

/** More receipts than these are for whoever reads the record itself. */
const MOST_SHOWN = 20;

function shortList(receipts: readonly string[]): string {
  const more = receipts.length - MOST_SHOWN;
  return `${receipts.slice(0, MOST_SHOWN).join(", ")}${more > 0 ? `, and ${more} more` : ""}`;
}
