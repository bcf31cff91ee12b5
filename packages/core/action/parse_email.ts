import { z } from "zod";
import { parseAddress } from "../address/mod.ts";
import { defined } from "../optional/defined.ts";
import type { InvalidAction, Recipient, RecipientField, ReplyAction, SendAction } from "./action.ts";
import { type AttachmentField, FIELDS, toAttachments, withoutBlanks } from "./fields.ts";
import { invalidFields } from "./invalid.ts";
import { reportDraft } from "./report_draft.ts";

const text = {
  body: FIELDS.markdown.optional(),
  markdown: FIELDS.markdown.optional(),
  cc: FIELDS.cc.optional(),
  bcc: FIELDS.bcc.optional(),
  attachments: FIELDS.attachments.optional(),
  idempotency_key: FIELDS.idempotencyKey.optional(),
  revises: FIELDS.revises.optional(),
};

interface Text {
  readonly body?: string | undefined;
  readonly markdown?: string | undefined;
}

/** The seed says `body`, MultiMail says `markdown`. */
const hasOneBody = ({ body, markdown }: Text) => (body === undefined) !== (markdown === undefined);
const ONE_BODY = { error: "Exactly one of body and markdown is needed", path: ["body"] };

const SEND = z
  .strictObject({
    mailbox_id: FIELDS.mailboxId.optional(),
    to: FIELDS.to,
    subject: FIELDS.subject,
    send_at: FIELDS.sendAt.optional(),
    ...text,
  })
  .refine(hasOneBody, ONE_BODY);

const REPLY = z.strictObject({ message_id: FIELDS.emailId, ...text }).refine(hasOneBody, ONE_BODY);

/** A request to send, as `POST /v1/send` takes it → action. */
export function parseSend(body: unknown): SendAction | InvalidAction {
  const parsed = SEND.safeParse(withoutBlanks(body, SEND));
  if (!parsed.success) return invalidFields("send", parsed.error);
  const { to, cc, bcc, subject, send_at, mailbox_id, idempotency_key, revises } = parsed.data;
  return defined({
    name: "send",
    recipients: parseRecipients({ to, cc, bcc }),
    draft: defined({ subject, ...toDraft(parsed.data), sendAt: send_at }),
    mailboxId: mailbox_id,
    idempotencyKey: idempotency_key,
    revises,
  });
}

/** A request to reply, as `POST /v1/reply` takes it → action. */
export function parseReply(body: unknown): ReplyAction | InvalidAction {
  const parsed = REPLY.safeParse(withoutBlanks(body, REPLY));
  if (!parsed.success) return invalidFields("reply", parsed.error);
  const { message_id, cc, bcc, idempotency_key, revises } = parsed.data;
  return defined({
    name: "reply",
    emailId: message_id,
    recipients: parseRecipients({ cc, bcc }),
    draft: { subject: "", ...toDraft(parsed.data) },
    idempotencyKey: idempotency_key,
    revises,
  });
}

function toDraft({
  body,
  markdown,
  attachments,
}: Text & { readonly attachments?: readonly AttachmentField[] | undefined }) {
  return { markdown: markdown ?? body ?? "", attachments: toAttachments(attachments) };
}

const REPORT = z.strictObject({
  mailbox_id: FIELDS.mailboxId.optional(),
  report: z.strictObject({ period: FIELDS.period, metrics: FIELDS.metrics }),
  recipients: FIELDS.recipients,
  subject: FIELDS.reportSubject.optional(),
  note: FIELDS.note.optional(),
  idempotency_key: FIELDS.idempotencyKey.optional(),
});

/** A report, as `POST /v1/report` takes it → one action per recipient, each judged and held by itself. */
export function parseReport(body: unknown): readonly SendAction[] | InvalidAction {
  const parsed = REPORT.safeParse(withoutBlanks(body, REPORT));
  if (!parsed.success) return invalidFields("report", parsed.error);
  const { mailbox_id, report, recipients, subject, note, idempotency_key: key } = parsed.data;
  const draft = reportDraft(report, defined({ subject, note }));
  return recipients.map((recipient) =>
    defined({
      name: "report",
      recipients: parseRecipients({ to: [recipient] }),
      draft,
      mailboxId: mailbox_id,
      // Each email of the report claims it for its recipient.
      idempotencyKey: key,
    }),
  );
}

/** The bodies that requests have, for whoever describes them. */
export const EMAIL_BODIES: Readonly<Record<"send" | "reply" | "report", z.ZodType>> = {
  send: SEND,
  reply: REPLY,
  report: REPORT,
};

/** Parses each named recipient once. Text that is no address stays, marked as such: a rule denies it on record. */
export function parseRecipients(
  named: Readonly<Partial<Record<RecipientField, readonly string[] | undefined>>>,
): readonly Recipient[] {
  return (["to", "cc", "bcc"] as const).flatMap((field) =>
    (named[field] ?? []).map((text) => ({ field, text, parsed: parseAddress(text) })),
  );
}
