import { z } from "zod";
import type { Attachment } from "./action.ts";
import { fileNameProblem } from "./file_name.ts";
import { canonicalMediaType } from "./media_type.ts";

/** MultiMail's bound of its field `to`, in addresses; Cc and Bcc take it too. */
export const MAX_RECIPIENTS = 50;

/** MultiMail's bound of its field `subject`, in UTF-16 units. */
export const MAX_SUBJECT = 998;

/** MultiMail's bound of its field `markdown`, in UTF-16 units. */
export const MAX_MARKDOWN = 262_144;

/** Longer text is no address (RFC 5321 section 4.5.3.1.3 allows 256) nor a display name with one. */
const MAX_ADDRESS_TEXT = 1_000;

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const CONTROL = /[\u0000-\u001f\u007f\u0085\u2028\u2029]/;
const oneLine = (what: string) =>
  [(text: string) => !CONTROL.test(text), `${what} must be one line without control characters`] as const;

/** Half of a surrogate pair: no UTF-8 can hold it, so that what is recorded would not be what was sent. */
const HALF_CHARACTER = /\p{Surrogate}/u;

/** Text that UTF-8 can hold. */
const text = (): z.ZodString =>
  z
    .string()
    .refine(
      (text) => !HALF_CHARACTER.test(text),
      "The text holds half a character (a lone surrogate); send whole ones",
    );

/** Whether a text is what somebody meant who was asked for a list or an object: models write it so. */
function isJson(text: unknown, kind: "array" | "object"): boolean {
  if (typeof text !== "string" || !/^\s*[[{]/.test(text.slice(0, 100)) || text.length > MAX_MARKDOWN)
    return false;
  try {
    return Array.isArray(JSON.parse(text)) === (kind === "array");
  } catch {
    return false;
  }
}

/** A list whose only element may come without it; a text that holds a list is told apart from one element. */
function oneOrMany(list: z.ZodType<string[]>): z.ZodType<string[]> {
  return z.preprocess((given, context) => {
    if (typeof given !== "string") return given;
    if (!isJson(given, "array")) return [given];
    context.addIssue({ code: "custom", message: GIVE_LIST, input: given });
    return z.NEVER;
  }, list) as unknown as z.ZodType<string[]>;
}

const GIVE_LIST = "Give a list, not a text that holds one";

const ADDRESS_LIST = z
  .array(
    text()
      .max(MAX_ADDRESS_TEXT)
      .refine((item) => !isJson(item, "array"), GIVE_LIST),
    "An address or a list of addresses is needed",
  )
  .max(MAX_RECIPIENTS);

const ATTACHMENT = z.strictObject({
  name: text()
    .min(1)
    .max(255)
    .superRefine((name, context) => {
      const message = fileNameProblem(name);
      if (message !== undefined) context.addIssue({ code: "custom", message });
    })
    .describe("File name with the extension of its type, such as figures.csv."),
  content_type: text()
    .max(255)
    .refine(
      (type) => !CONTROL.test(type) && canonicalMediaType(type) !== undefined,
      "A content type looks like: application/pdf, or text/csv; charset=utf-8",
    )
    .describe("Media type, such as text/csv."),
  content_base64: z
    .base64("Standard base64 with padding is needed")
    .describe("The content in standard base64."),
});

/** A file as callers send it: MultiMail's own shape. */
export interface AttachmentField {
  readonly name: string;
  readonly content_type: string;
  readonly content_base64: string;
}

/** The shapes of the fields that requests take. */
export interface Fields {
  /** One address or several, as a list. None at all is refused by a rule, so that it is on record as an email. */
  readonly to: z.ZodType<string[]>;
  readonly cc: z.ZodType<string[]>;
  readonly bcc: z.ZodType<string[]>;
  /** Of a report: at least one. */
  readonly recipients: z.ZodType<string[]>;
  readonly subject: z.ZodString;
  readonly markdown: z.ZodString;
  readonly attachments: z.ZodType<AttachmentField[]>;
  readonly sendAt: z.ZodISODateTime;
  readonly idempotencyKey: z.ZodString;
  /** MultiMail's ids are opaque. */
  readonly mailboxId: z.ZodString;
  readonly emailId: z.ZodString;
  readonly threadId: z.ZodString;
  readonly receipt: z.ZodString;
  /** The receipt of what a new email is to replace. */
  readonly revises: z.ZodString;
  readonly limit: z.ZodNumber;
  /** `limit` in a query, where all is text. */
  readonly limitText: z.ZodType<number, string>;
  readonly sinceId: z.ZodString;
  readonly sender: z.ZodString;
  readonly subjectContains: z.ZodString;
  readonly cursor: z.ZodString;
  /** What time a report is about. */
  readonly period: z.ZodString;
  /** A report's figures by name. */
  readonly metrics: z.ZodType<Record<string, number>>;
  readonly reportSubject: z.ZodString;
  readonly note: z.ZodString;
}

/** Of a schema that is told to callers: that what is given is not empty goes without saying. */
const NOT_EMPTY = { minLength: undefined } as const;

const SUBJECT = text()
  .min(1, "A subject is needed")
  .max(MAX_SUBJECT)
  .refine(...oneLine("The subject"));

const MARKDOWN = text()
  .min(1, "A body is needed")
  .max(MAX_MARKDOWN)
  .refine((text) => !text.includes("\0"), "The body must not hold NUL characters");

const ID = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[\w.:@+-]+$/, "This is no id")
  .meta(NOT_EMPTY);

const RECEIPT = z.string().min(1).max(100).regex(/^\w+$/, "This is no receipt");

const LIMIT = z.number().int().min(1).max(100).describe("How many at most; 10 if left out.");

const SHORT_TEXT = text().max(500);

/**
 * Fields that requests take at every door, each with the bounds that MultiMail or the product sets, and with what it is:
 * what callers are told of a field is made from here.
 */
export const FIELDS: Fields = {
  to: oneOrMany(ADDRESS_LIST).meta({ description: "Recipients: one address each.", minItems: 1 }),
  cc: oneOrMany(ADDRESS_LIST).describe("Who gets a copy, seen by everybody: one address each."),
  bcc: oneOrMany(ADDRESS_LIST).describe("Who gets a copy, unseen by the others: one address each."),
  recipients: oneOrMany(ADDRESS_LIST.min(1, "At least one recipient is needed")).describe(
    "Who gets the report, each in an email of its own.",
  ),
  subject: SUBJECT.describe("The subject, on one line."),
  markdown: MARKDOWN.describe("The text, in markdown."),
  attachments: z
    .array(ATTACHMENT, {
      error: ({ input }) => (isJson(input, "array") ? GIVE_LIST : "A list of files is needed"),
    })
    .max(20)
    .describe("Files to go with it, if the policy allows them."),
  sendAt: z.iso
    .datetime({ error: "A time in UTC is needed, like: 2026-12-31T09:00:00Z" })
    .describe("When it may leave, in UTC, such as 2026-12-31T09:00:00Z. Leave it out to send at once."),
  idempotencyKey: text()
    .min(1)
    .max(200)
    .refine(...oneLine("An idempotency key"))
    .meta({ description: "The same email with the same key is sent once.", ...NOT_EMPTY }),
  mailboxId: ID.describe("The mailbox; the team's own if left out."),
  emailId: ID.describe("The email's id."),
  threadId: ID.describe("The conversation's id."),
  receipt: RECEIPT.meta({ description: "The receipt from an earlier answer: rcp_…", ...NOT_EMPTY }),
  revises: RECEIPT.meta({
    description:
      "Only when this email replaces one of yours that was rejected, or to which changes were asked: its receipt.",
    ...NOT_EMPTY,
  }),
  limit: LIMIT,
  limitText: z
    .string()
    .regex(/^\d{1,3}$/, "A number from 1 to 100 is needed")
    .transform(Number)
    .pipe(LIMIT)
    .describe("How many at most: 1 to 100."),
  sinceId: ID.describe("Only what came after the email with this email_id."),
  sender: SHORT_TEXT.describe("Only from senders that contain this text."),
  subjectContains: SHORT_TEXT.describe("Only subjects that contain this text."),
  cursor: SHORT_TEXT.describe("Where the list goes on, from an earlier answer: for older email."),
  period: text()
    .min(1)
    .max(200)
    .refine(...oneLine("The period"))
    .meta({ description: "What time the figures are about, such as 2026-W47.", ...NOT_EMPTY }),
  metrics: z
    .record(
      text()
        .max(200)
        .refine(...oneLine("A metric's name")),
      z
        .number()
        .refine(
          (figure) => !Number.isInteger(figure) || Number.isSafeInteger(figure),
          `A figure must not be beyond ${Number.MAX_SAFE_INTEGER}: write a larger one in the note`,
        ),
      {
        error: ({ input }) =>
          isJson(input, "object")
            ? "Give an object, not a text that holds one"
            : "An object of figures by name is needed",
      },
    )
    .refine((metrics) => Object.keys(metrics).length <= 200, "At most 200 metrics fit in a report")
    .describe('The figures by name, plain numbers: {"Signups": 42, "Churn %": 1.5}.'),
  reportSubject: SUBJECT.describe('The subject; "Weekly Report: " and the period if left out.'),
  note: MARKDOWN.meta({ description: "A paragraph below the figures, in markdown.", ...NOT_EMPTY }),
};

/** Files as callers send them → as actions hold them: labelled with what is judged and sent, and nothing besides. */
export function toAttachments(attachments: readonly AttachmentField[] | undefined): readonly Attachment[] {
  return (attachments ?? []).map(({ name, content_type, content_base64 }) => ({
    name,
    contentType: canonicalMediaType(content_type) ?? content_type,
    contentBase64: content_base64,
  }));
}

/**
 * A request without the optional fields that say nothing: models, and clients in some languages, write `""`, `null` or
 * `[""]` for what they leave out. `schema` tells which are optional; what is needed stays, and is refused by its name.
 */
export function withoutBlanks(request: unknown, { shape }: z.ZodObject): unknown {
  if (typeof request !== "object" || request === null || Array.isArray(request)) return request;
  const fields = Object.entries(request);
  const isLeftOut = ([name, value]: readonly [string, unknown]) =>
    isBlank(value) && Object.hasOwn(shape, name) && shape[name]?.safeParse(undefined).success === true;
  return fields.some(isLeftOut) ? Object.fromEntries(fields.filter((field) => !isLeftOut(field))) : request;
}

function isBlank(value: unknown): boolean {
  return value === null || value === "" || (Array.isArray(value) && value.length === 1 && value[0] === "");
}
