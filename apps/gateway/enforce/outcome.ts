import type { Decision } from "@countersign/core/decision";
import type { ReceiptState } from "@countersign/lifecycle";
import type { AttachmentContent, Email, EmailPage, Mailbox, Thread } from "@countersign/multimail";
import type { Code } from "./code.ts";

/** What became of a call. A door translates it; nothing is decided after this. */
export type Outcome = Denied | Taken | Duplicate | Answered | Failed;

/** The policy said no. Nothing left. */
export interface Denied {
  readonly kind: "denied";
  readonly receipt: string;
  readonly code: Code;
  readonly decision: Decision;
}

/** The email is on its way: held, scheduled, queued, or nobody knows yet. */
export interface Taken {
  readonly kind: "taken";
  readonly receipt: string;
  /** `unconfirmed`: MultiMail did not answer; it is asked again until it does. Nobody may send again. */
  readonly status: "pending" | "scheduled" | "queued" | "unconfirmed";
  readonly decision: Decision;
  /** MultiMail's email id; absent while unconfirmed. */
  readonly emailId?: string;
  readonly threadId?: string;
  /** MultiMail's own word. */
  readonly multimailStatus?: string;
}

/** The same request came before; nothing was sent now. */
export interface Duplicate {
  readonly kind: "duplicate";
  /** The earlier one. */
  readonly receipt: string;
  readonly state: ReceiptState;
}

/** A question was answered, or an email taken back. */
export interface Answered {
  readonly kind: "answered";
  readonly receipt: string;
  readonly answer: Answer;
}

/** What reading and cancelling give. */
export type Answer =
  | { readonly action: "inbox"; readonly page: EmailPage }
  | { readonly action: "mailbox"; readonly mailbox: Mailbox }
  | { readonly action: "read"; readonly email: Email }
  | { readonly action: "attachment"; readonly email: Email; readonly attachment: AttachmentContent }
  | { readonly action: "thread"; readonly thread: Thread }
  | { readonly action: "status"; readonly state: ReceiptState }
  | { readonly action: "waiting"; readonly waiting: WaitingEmails }
  | { readonly action: "cancel"; readonly state: ReceiptState };

/** Emails of one assistant that wait, newest first. */
export interface WaitingEmails {
  readonly states: readonly ReceiptState[];
  /** There are older ones that were not looked at. */
  readonly more: boolean;
}

/** The policy agreed, and it could not be done: certainly nothing left. */
export interface Failed {
  readonly kind: "failed";
  /** Absent when the trail could not take the intent. */
  readonly receipt?: string;
  readonly code: Code;
  /** For the caller, one sentence. */
  readonly message: string;
  readonly retryAfterMs?: number;
}
