import type { EntryFrame, EntryOf } from "./frame.ts";
import type { Kind } from "./kind.ts";
import { type Commitment, Sealer } from "./sealed.ts";
import { maybe, objectOf, TEXT } from "./shape.ts";

/** `data` of an `outcome` record: what MultiMail answered. */
export type OutcomeData = {
  /**
   * `accepted`: MultiMail has it. `refused`: it certainly does not. `unknown`: no telling yet. `answered`: a read, or a
   * cancellation, was answered.
   */
  readonly result: "accepted" | "refused" | "unknown" | "answered";
  /** MultiMail's email id. */
  readonly email: string | null;
  readonly thread: string | null;
  /** MultiMail's own status. */
  readonly multimail_status: string | null;
  /** How it was learnt. */
  readonly learnt_by: "answer" | "idempotency_key" | "listing" | "policy";
  /** Whether what was read holds text from outside the company; null when nothing was read. */
  readonly outside: boolean | null;
  /** Our error code when it failed. */
  readonly code: string | null;
  /** Why it failed, in our own words. */
  readonly message: string | null;
  /** What MultiMail said of it, bounded: it may repeat an address or a subject. */
  readonly multimail_text?: Commitment | null;
};

/** What MultiMail's answer adds to the trail; fields left out are null. */
export interface OutcomeEntryOptions
  extends Partial<Omit<OutcomeData, "result" | "learnt_by" | "multimail_text">> {
  readonly result: OutcomeData["result"];
  readonly learnt_by?: OutcomeData["learnt_by"];
  /** What MultiMail said: it is sealed. */
  readonly multimailText?: string;
}

/**
 * Builds the record of what MultiMail answered to an intent. An unknown outcome leaves the intent open; a refused one gives
 * back its claims. `at` in epoch milliseconds.
 */
export function outcomeEntry(
  { team, assistant, receipt, policy }: Omit<EntryFrame, "at">,
  at: number,
  { result, learnt_by, multimailText, ...rest }: OutcomeEntryOptions,
): EntryOf<"outcome", OutcomeData> {
  const sealer = new Sealer();
  const data: OutcomeData = {
    ...NOTHING,
    ...rest,
    multimail_text: multimailText === undefined ? null : sealer.seal("text", multimailText),
    result,
    learnt_by: learnt_by ?? "answer",
  };
  return { kind: "outcome", at, team, assistant, receipt, policy, data, sealed: sealer.values };
}

/** Members in the order in which they are encoded. */
const NOTHING: Required<OutcomeData> = {
  code: null,
  email: null,
  learnt_by: "answer",
  message: null,
  multimail_status: null,
  multimail_text: null,
  outside: null,
  result: "unknown",
  thread: null,
};

/** An `outcome`'s words for people and commitments, and what it means to others. */
export const OUTCOME: Kind<OutcomeData> = {
  words: ({ result, multimail_status, learnt_by, message }) => {
    const how = learnt_by === "answer" ? null : `(learnt by ${learnt_by})`;
    return ["outcome", result, multimail_status, how, message].filter((part) => part !== null).join(" ");
  },
  shown: "members",
  shape: objectOf({
    ...{ result: TEXT, email: maybe(TEXT), thread: maybe(TEXT), multimail_status: maybe(TEXT) },
    ...{ learnt_by: maybe(TEXT), code: maybe(TEXT), message: maybe(TEXT) },
  }),
  shared: false,
  commitments: [[null, "multimail_text", ["text"]]],
  settles: ({ result }) => result !== "unknown",
  releases: ({ result }) => result === "refused",
  takes: ({ result, email }) => result === "accepted" && typeof email === "string",
};
