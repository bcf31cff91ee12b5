import type { AddressResult } from "../address/mod.ts";

/** What a policy can allow an assistant, in the order in which people read it. */
export const ACTION_NAMES = [
  "send",
  "reply",
  "inbox",
  "read",
  "thread",
  "status",
  "cancel",
  "report",
] as const;

/** The name of something that a policy can allow an assistant. */
export type ActionName = (typeof ACTION_NAMES)[number];

/** Where a recipient was named. */
export type RecipientField = "to" | "cc" | "bcc";

/** One recipient as it was asked for; parsed once, here, and never again. */
export interface Recipient {
  readonly field: RecipientField;
  /** What the caller wrote; at most 1,000 characters. */
  readonly text: string;
  /** Its canonical form, or why there is none. Text that is no address is denied by a rule, so that it is recorded. */
  readonly parsed: AddressResult;
  /** Nobody asked for it: the policy's `compose` gives it a copy of every email. */
  readonly composed?: true;
}

/** A file that goes with an email (MultiMail `attachments[]`). */
export interface Attachment {
  readonly name: string;
  /** As `canonicalMediaType` writes it: exactly this is judged, recorded and sent. */
  readonly contentType: string;
  /** Standard base64 with padding, as MultiMail wants it. */
  readonly contentBase64: string;
}

/** What an email says, whoever it goes to. */
export interface Draft {
  /** Empty for a reply: MultiMail takes the subject of the email replied to. */
  readonly subject: string;
  /** Markdown, at most 262,144 characters (MultiMail field `markdown`). */
  readonly markdown: string;
  readonly attachments: readonly Attachment[];
  /** ISO 8601 in UTC, ending in `Z` (MultiMail field `send_at`). */
  readonly sendAt?: string;
  /** What of `subject` and `markdown` nobody asked for; there once an email is composed, also if that added nothing. */
  readonly added?: AddedText;
}

/** How much of an email's text its policy's `compose` added, in UTF-16 units. */
export interface AddedText {
  /** At the beginning of the subject. */
  readonly subject: number;
  /** At the end of the markdown. */
  readonly body: number;
}

/** `mailboxId` is the mailbox that the caller named; absent means the team's own. */
interface InMailbox {
  readonly mailboxId?: string;
}

/** Lets an email leave: a new one (`send`), one of a report's (`report`), or an answer (`reply`). */
export type EmailAction = SendAction | ReplyAction;

/** Sends a new email. `report` is the same, made from a report's metrics: one action per recipient. */
export interface SendAction extends InMailbox {
  readonly name: "send" | "report";
  readonly recipients: readonly Recipient[];
  readonly draft: Draft;
  readonly idempotencyKey?: string;
  /** Receipt of the email that this one is to replace, as the caller gave it. */
  readonly revises?: string;
}

/** Answers the email `emailId`; `recipients` are only those whom the assistant adds. */
export interface ReplyAction extends InMailbox {
  readonly name: "reply";
  readonly emailId: string;
  readonly recipients: readonly Recipient[];
  readonly draft: Draft;
  readonly idempotencyKey?: string;
  /** Receipt of the email that this one is to replace, as the caller gave it. */
  readonly revises?: string;
}

/** Looks into a mailbox: at its email, without bodies, or at the mailbox itself. */
export type InboxAction = ListAction | MailboxAction;

/** Lists a mailbox's email, without bodies. */
export interface ListAction extends InMailbox {
  readonly name: "inbox";
  readonly show?: "email";
  /** 1 to 100 (MultiMail's bound). */
  readonly limit: number;
  readonly cursor?: string;
  readonly sinceId?: string;
  readonly unreadOnly?: boolean;
  readonly from?: string;
  readonly subject?: string;
  /** Absent: what was received. */
  readonly direction?: "inbound" | "outbound" | "both";
  /** One of MultiMail's statuses. */
  readonly status?: string;
  /** ISO 8601. */
  readonly dateAfter?: string;
  /** ISO 8601. */
  readonly dateBefore?: string;
  readonly hasAttachments?: boolean;
}

/** Asks what the mailbox is: its address, its mode. */
export interface MailboxAction extends InMailbox {
  readonly name: "inbox";
  readonly show: "mailbox";
}

/** Reads one email, or one of its attachments. */
export interface ReadAction extends InMailbox {
  readonly name: "read";
  readonly emailId: string;
  readonly attachment?: string;
}

/** Lists one thread's email, without bodies. */
export interface ThreadAction extends InMailbox {
  readonly name: "thread";
  readonly threadId: string;
}

/** Asks what became of an email: by its receipt; without one, of this assistant's latest, or of all that wait. */
export interface StatusAction extends InMailbox {
  readonly name: "status";
  readonly receipt?: string;
  /** Which emails of this assistant have not left yet. Not beside `receipt`. */
  readonly waiting?: true;
}

/** Takes back an email that has not left yet, named by exactly one of its two names. */
export interface CancelAction extends InMailbox {
  readonly name: "cancel";
  /** Ours. */
  readonly receipt?: string;
  /** MultiMail's. */
  readonly emailId?: string;
}

/** Why a request cannot be an action: a field is wrong, the body cannot be read, or the route is not one of ours. */
export type InvalidCode =
  | "invalid_request"
  | "invalid_json"
  | "body_too_large"
  | "request_timeout"
  | "unsupported_media_type"
  | "route_not_governed";

/** A request that cannot be an action. Denied and recorded like any other, so that no request leaves no record. */
export interface InvalidAction extends InMailbox {
  readonly name: "invalid";
  readonly code: InvalidCode;
  /** What was attempted, as far as the door could tell: an action's name or `POST /v1/x`. At most 200 characters. */
  readonly attempted: string;
  /** What is wrong, for the caller: at most 20, free of the caller's own text beyond field names. */
  readonly problems: readonly { readonly field: string; readonly message: string }[];
}

/** Everything that an assistant can ask for. */
export type Action =
  | EmailAction
  | InboxAction
  | ReadAction
  | ThreadAction
  | StatusAction
  | CancelAction
  | InvalidAction;

/** Whether the action lets an email leave. */
export function isEmailAction(action: Action): action is EmailAction {
  return action.name === "send" || action.name === "reply" || action.name === "report";
}
