import type { ReceiptStatus } from "@countersign/lifecycle";
import { STATUS_OF_CODE } from "../../enforce/code.ts";

/** JSON Schema of draft 2020-12, as OpenAPI 3.1 takes it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** What the document calls what answers hold. */
export type AnswerName =
  | "Taken"
  | "Duplicate"
  | "Reason"
  | "Refusal"
  | "ReportResults"
  | "Receipt"
  | "EmailSummary"
  | "Email"
  | "EmailPage"
  | "Thread"
  | "Mailbox"
  | "Mailboxes"
  | "Tags"
  | "MultimailTaken"
  | "MultimailDuplicate"
  | "MultimailCancelled"
  | "AttachmentLink";

const text = (description: string): JsonSchema => ({ type: "string", description });
const orNull = (description: string): JsonSchema => ({ type: ["string", "null"], description });
const texts = (description: string): JsonSchema => ({
  type: "array",
  items: { type: "string" },
  description,
});
const time = (description: string): JsonSchema => ({ type: "string", format: "date-time", description });
const timeOrNull = (description: string): JsonSchema => ({
  type: ["string", "null"],
  format: "date-time",
  description,
});
const object = (properties: Readonly<Record<string, JsonSchema>>, optional: readonly string[] = []) => ({
  type: "object",
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  properties,
});

const RECEIPT = text("Names the record of this request: pass it to `GET /v1/receipts/{receipt}`.");
const REQUEST_ID = text("This request, in the gateway's log.");
const THREAD_ID = orNull("The conversation's id at MultiMail.");

/** Every place where an email may stand; a new one does not compile until it is told here. */
const STATUSES: Readonly<Record<ReceiptStatus, string>> = {
  denied: "the policy refused it",
  unconfirmed: "MultiMail did not answer: nobody knows yet whether it left",
  pending: "held until a person approves it",
  scheduled: "leaves at the time asked for",
  queued: "accepted, no approval is needed",
  refused: "MultiMail refused it",
  answered: "a question that was answered",
  sent: "left",
  delivered: "arrived",
  bounced: "could not be delivered",
  rejected: "a person rejected it",
  changes_asked: "a person asked for changes: it may be written anew",
  expired: "nobody decided in time",
  cancelled: "taken back",
  failed: "MultiMail could not send it",
};

const EMAIL_MEMBERS = {
  id: text("The email's id at MultiMail."),
  from: text("The sender, as MultiMail shows it."),
  to: texts("Recipients."),
  cc: texts("Who got a copy. In lists absent when MultiMail does not say."),
  subject: text("The subject."),
  status: text("MultiMail's status. New values may come; none but the known ones means sent."),
  direction: text("`inbound` or `outbound`."),
  received_at: time("When MultiMail got it."),
  thread_id: THREAD_ID,
  has_attachments: { type: "boolean", description: "Whether files came with it." },
  delivered_at: timeOrNull("When it was delivered."),
  bounced_at: timeOrNull("When it bounced."),
  bounce_type: orNull("`hard` or `soft`."),
  spam_score: { type: ["number", "null"], description: "MultiMail's." },
  spam_verdict: orNull("MultiMail's."),
} satisfies Readonly<Record<string, JsonSchema>>;

const EMAIL_OPTIONAL = ["cc", "direction", "received_at", "has_attachments"];

/** What answers hold, by the names that the document gives them. */
export const ANSWERS: Readonly<Record<AnswerName, JsonSchema>> = {
  Taken: {
    description: "Countersign let the email through, or holds it for a person.",
    ...object({
      status: {
        enum: ["pending", "scheduled", "queued", "unconfirmed"],
        description:
          "`pending`: held for a person. `scheduled`: leaves later. `queued`: leaves now. `unconfirmed`: MultiMail did not answer; do not send it again, ask for the receipt.",
      },
      id: orNull("The email's id at MultiMail, once there is one."),
      receipt: RECEIPT,
      thread_id: THREAD_ID,
      multimail_status: orNull("MultiMail's own status."),
      message: text("What to tell the person who asked."),
      request_id: REQUEST_ID,
    }),
  },
  Duplicate: {
    description: "The same email was asked for a short while ago; nothing was sent again.",
    ...object({
      status: { const: "duplicate_of" },
      duplicate_of: text("The receipt of the earlier email."),
      id: orNull("The earlier email's id at MultiMail."),
      receipt: text("The same as `duplicate_of`."),
      first_status: { enum: Object.keys(STATUSES), description: "Where the earlier email stands." },
      message: text("What to tell the person who asked."),
      request_id: REQUEST_ID,
    }),
  },
  Reason: object(
    {
      rule: text("The rule that denied, such as `recipients.deny`."),
      message: text("What is wrong and what would be fine, for the assistant."),
      where: text("The line of the policy: `teams/finance.yaml:14`."),
    },
    ["where"],
  ),
  Refusal: {
    description: "Nothing was done, or nobody knows: `code` tells which.",
    ...object({
      error: text("What is wrong, in words."),
      code: { enum: Object.keys(STATUS_OF_CODE), description: "What is wrong, for programs." },
      reasons: { type: "array", items: { $ref: "#/components/schemas/Reason" } },
      receipt: orNull("Names the record of the refusal, where there is one."),
      request_id: REQUEST_ID,
    }),
  },
  ReportResults: object({
    results: {
      type: "array",
      description: "One for each recipient, in their order.",
      items: {
        type: "object",
        required: ["recipient"],
        properties: { recipient: text("As it was asked.") },
        anyOf: ["Taken", "Duplicate", "Refusal"].map((name) => ({ $ref: `#/components/schemas/${name}` })),
      },
    },
  }),
  Receipt: {
    description: "What became of a request.",
    ...object(
      {
        receipt: RECEIPT,
        status: {
          enum: Object.keys(STATUSES),
          description: Object.entries(STATUSES)
            .map(([status, meaning]) => `\`${status}\`: ${meaning}.`)
            .join(" "),
        },
        id: orNull("The email's id at MultiMail."),
        thread_id: THREAD_ID,
        multimail_status: orNull("MultiMail's own word."),
        action: text("What was asked: `send`, `reply`, `report`, …"),
        assistant: text("Who asked."),
        at: time("When."),
        subject: orNull("Of an email, unless it was erased."),
        to: texts("Recipients; whoever was erased is missing."),
        cc: texts("Copies."),
        bcc: texts("Blind copies."),
        replied_to: texts("Whom a reply goes to, besides."),
        approved_by: orNull("Who approved it."),
        user: text("The person who asked the assistant, if they signed in."),
        revises: text("Receipt of the earlier email that this one replaces."),
        message: orNull("Why, where there is more to say: a rejection's reason."),
      },
      ["user", "revises"],
    ),
  },
  EmailSummary: object(EMAIL_MEMBERS, EMAIL_OPTIONAL),
  Email: object(
    {
      ...EMAIL_MEMBERS,
      markdown: text("The text; empty when MultiMail shows none."),
      attachments: {
        type: "array",
        items: object(
          {
            name: text("File name."),
            size: { type: "number", description: "Bytes." },
            content_type: text("What it says it is."),
          },
          ["size", "content_type"],
        ),
      },
      approved_at: timeOrNull("When a person approved it."),
      approved_by: orNull("Who did."),
      tags: { type: "object", additionalProperties: { type: "string" }, description: "MultiMail's tags." },
    },
    [...EMAIL_OPTIONAL, "tags"],
  ),
  EmailPage: object({
    emails: { type: "array", items: { $ref: "#/components/schemas/EmailSummary" } },
    cursor: orNull("Asks for the next page; null on the last."),
  }),
  Thread: object(
    {
      thread_id: text("The conversation's id."),
      message_count: { type: "number", description: "How many emails it has." },
      participants: texts("Everybody in it."),
      last_activity: time("When the last one came."),
      has_unanswered_inbound: { type: "boolean", description: "Whether somebody waits for an answer." },
      emails: { type: "array", items: { $ref: "#/components/schemas/EmailSummary" } },
    },
    ["message_count", "last_activity", "has_unanswered_inbound"],
  ),
  Mailbox: {
    description: "MultiMail's mailbox, with its live settings.",
    ...object(
      {
        id: text("The mailbox."),
        address: text("Its address."),
        oversight_mode: text("`read_only`, `gated_all`, `gated_send`, `monitored` or `autonomous`."),
      },
      ["oversight_mode"],
    ),
  },
  Mailboxes: object({ mailboxes: { type: "array", items: { $ref: "#/components/schemas/Mailbox" } } }),
  Tags: object({ tags: { type: "object", additionalProperties: { type: "string" } } }),
  MultimailTaken: {
    description: "As MultiMail answers, with the receipt and the request beside it.",
    ...object({
      id: text("The email's id at MultiMail; its receipt while there is none."),
      status: text("MultiMail's status."),
      thread_id: THREAD_ID,
      message: text("What to tell the person who asked."),
      receipt: RECEIPT,
      request_id: REQUEST_ID,
    }),
  },
  MultimailDuplicate: object({
    id: text("The earlier email's id."),
    status: { const: "already_sent" },
    idempotent: { const: true },
    thread_id: THREAD_ID,
    receipt: RECEIPT,
    request_id: REQUEST_ID,
  }),
  MultimailCancelled: object({ id: text("The email."), status: text("Where it stands now.") }),
  AttachmentLink: object({ content_type: text("What it is."), url: text("Where MultiMail holds it.") }),
};
