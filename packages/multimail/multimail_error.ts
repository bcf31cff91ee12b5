/**
 * What went wrong.
 *
 * - `auth`, `forbidden`, `read_only`, `not_found`, `too_large`, `rejected`: MultiMail refused; asking again changes nothing.
 * - `conflict`: 409. For an idempotency key that was used before, the *earlier* request may have been taken.
 * - `warmup`, `quota`, `rate`: 429, the mailbox's warm-up, the month's quota, or too many requests.
 * - `unavailable`: MultiMail could not be reached, or answered 5xx.
 * - `unknown_outcome`: no answer, or none that can be understood.
 */
export type MultiMailErrorCode =
  | "auth"
  | "forbidden"
  | "read_only"
  | "not_found"
  | "conflict"
  | "too_large"
  | "rejected"
  | "warmup"
  | "quota"
  | "rate"
  | "unavailable"
  | "unknown_outcome";

/** What is known about a failed request. */
export interface MultiMailFailure {
  readonly code: MultiMailErrorCode;
  /**
   * `not_accepted`: MultiMail certainly did nothing for this request (it refused, or the request was never written).
   * `unknown`: it may have taken the email. Ask again with the same idempotency key, never with another.
   */
  readonly outcome: "not_accepted" | "unknown";
  /** The HTTP status, when there was an answer. */
  readonly status?: number;
  /** How long MultiMail wants to be left alone: 0 to 24 hours. */
  readonly retryAfterMs?: number;
  /** Of `rate`: whether every mailbox of the account is meant, or, as far as is known, the one that was asked about. */
  readonly limits?: "account" | "mailbox";
  /** MultiMail's `error` text, and its hint: one line, at most 500 characters. */
  readonly multimailText?: string;
}

/** A request to MultiMail failed. Never holds the key, nor the error of a library that might. */
export class MultiMailError extends Error implements MultiMailFailure {
  override readonly name = "MultiMailError";
  readonly code: MultiMailErrorCode;
  readonly outcome: "not_accepted" | "unknown";
  declare readonly status?: number;
  declare readonly retryAfterMs?: number;
  declare readonly limits?: "account" | "mailbox";
  declare readonly multimailText?: string;

  constructor(message: string, failure: MultiMailFailure) {
    super(message);
    this.code = failure.code;
    this.outcome = failure.outcome;
    if (failure.status !== undefined) this.status = failure.status;
    if (failure.retryAfterMs !== undefined) this.retryAfterMs = failure.retryAfterMs;
    if (failure.limits !== undefined) this.limits = failure.limits;
    if (failure.multimailText !== undefined) this.multimailText = failure.multimailText;
  }
}
