import type { Kind } from "./kind.ts";
import type { Commitment } from "./sealed.ts";

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

/** An `outcome`'s commitments, and what it means to others. */
export const OUTCOME: Kind = {
  commitments: [[null, "multimail_text", ["text"]]],
  settles: ({ result }) => result !== "unknown",
  releases: ({ result }) => result === "refused",
  takes: ({ result, email }) => result === "accepted" && typeof email === "string",
};
