import {
  type Action,
  FIELDS,
  type InvalidAction,
  invalidFields,
  type ListAction,
  parseReply,
  parseSend,
} from "@countersign/core/action";
import { defined } from "@countersign/core/optional";
import { z } from "zod";

/** Fields of MultiMail's that only say what holds anyway, and what a caller may not choose. */
const FIXED = z.looseObject({
  gate_timing: z.literal("gate_first", "Approval comes before scheduling here: gate_first").optional(),
  ai_disclosure: z.literal(true, "The AI disclosure cannot be left out").optional(),
  to: z
    .unknown()
    .refine((to) => !Array.isArray(to) || to.length > 0, "At least one recipient is needed")
    .exactOptional(),
  mailbox_id: z.never("The path names the mailbox").exactOptional(),
  message_id: z.never("The path names the email").exactOptional(),
});

/** The body of `POST /v1/mailboxes/{id}/send` → action. */
export function parseMultimailSend(mailboxId: string, body: unknown): Action {
  return withoutFixed("send", body, (fields) => parseSend({ ...fields, mailbox_id: mailboxId }));
}

/** The body of `POST /v1/mailboxes/{id}/reply/{emailId}` → action. */
export function parseMultimailReply(mailboxId: string, emailId: string, body: unknown): Action {
  return withoutFixed("reply", body, (fields) => {
    const action = parseReply({ ...fields, message_id: emailId });
    return action.name === "invalid" ? action : { ...action, mailboxId };
  });
}

function withoutFixed(
  attempted: string,
  body: unknown,
  parse: (fields: Readonly<Record<string, unknown>>) => Action,
): Action {
  // Clients written in other languages send null for what they leave out.
  const parsed = FIXED.safeParse(withoutNulls(body));
  if (!parsed.success) return invalidFields(attempted, parsed.error);
  const { gate_timing: _, ai_disclosure: __, ...fields } = parsed.data;
  return parse(fields);
}

function withoutNulls(body: unknown): unknown {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return body;
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));
}

const DATE = z.union([z.iso.datetime({ offset: true }), z.iso.date()], "An ISO 8601 date or time is needed");

const LIST_QUERY = z.strictObject({
  limit: FIELDS.limitText.exactOptional(),
  cursor: FIELDS.cursor.exactOptional(),
  since_id: FIELDS.sinceId.exactOptional(),
  status: z
    .string()
    .regex(/^\w{1,60}$/, "This is no status")
    .describe("Only email of this status of MultiMail's.")
    .exactOptional(),
  sender: FIELDS.sender.exactOptional(),
  subject_contains: FIELDS.subjectContains.exactOptional(),
  date_after: DATE.describe("Only what came later.").exactOptional(),
  date_before: DATE.describe("Only what came earlier.").exactOptional(),
  direction: z.enum(["inbound", "outbound"]).describe("Both if left out.").exactOptional(),
  has_attachments: z
    .enum(["true", "false"])
    .transform((text) => text === "true")
    .describe("Only email with files, or only without.")
    .exactOptional(),
});

/** The query of `GET /v1/mailboxes/{id}/emails`, for whoever describes it. */
export const MULTIMAIL_QUERY: z.ZodObject = LIST_QUERY;

/** The query of `GET /v1/mailboxes/{id}/emails` → action. Both directions are listed, as MultiMail does, unless one is named. */
export function parseMultimailList(
  mailboxId: string,
  query: Readonly<Record<string, string>>,
): ListAction | InvalidAction {
  const parsed = LIST_QUERY.safeParse(Object.fromEntries(Object.entries(query).filter(([, text]) => text)));
  if (!parsed.success) return invalidFields("inbox", parsed.error);
  const { limit = 20, direction = "both", cursor, since_id, status, sender, ...rest } = parsed.data;
  return defined({
    name: "inbox",
    mailboxId,
    limit,
    direction,
    cursor,
    sinceId: since_id,
    status,
    from: sender,
    subject: rest.subject_contains,
    dateAfter: rest.date_after,
    dateBefore: rest.date_before,
    hasAttachments: rest.has_attachments,
  });
}

const PATH = z.object({
  emailId: FIELDS.emailId.exactOptional(),
  threadId: FIELDS.threadId.exactOptional(),
  // A proxy on the way may take a slash, however it is written, for another route's.
  filename: z
    .string()
    .regex(/^[^/\\]{1,255}$/, "This is no file name")
    .describe("The attachment's name.")
    .exactOptional(),
});

/** The parts of a path, checked → action; `attempted` is its name. */
export function parseMultimailPath(
  attempted: "read" | "thread" | "cancel",
  params: Readonly<Record<string, string>>,
): Action {
  const parsed = PATH.safeParse(params);
  if (!parsed.success) return invalidFields(attempted, parsed.error);
  const { emailId = "", threadId = "", filename } = parsed.data;
  const { mailboxId = "" } = params;
  switch (attempted) {
    case "read":
      return defined({ name: "read", mailboxId, emailId, attachment: filename });
    case "thread":
      return { name: "thread", mailboxId, threadId };
    case "cancel":
      // An email of which MultiMail has told no id yet goes by its receipt.
      return { name: "cancel", mailboxId, ...(isReceipt(emailId) ? { receipt: emailId } : { emailId }) };
  }
}

function isReceipt(id: string): boolean {
  return /^rcp_\w+$/.test(id);
}
