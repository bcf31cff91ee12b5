import { z } from "zod";
import { defined } from "../optional/defined.ts";
import type { InvalidAction, ReplyAction, SendAction } from "./action.ts";
import { type AttachmentField, FIELDS, toAttachments } from "./fields.ts";
import { invalidFields } from "./invalid.ts";
import { parseRecipients } from "./parse_recipients.ts";
import { withoutBlanks } from "./without_blanks.ts";

const text = {
  body: FIELDS.markdown.optional(),
  markdown: FIELDS.markdown.optional(),
  cc: FIELDS.cc.optional(),
  bcc: FIELDS.cc.optional(),
  attachments: FIELDS.attachments.optional(),
  idempotency_key: FIELDS.idempotencyKey.optional(),
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
    mailbox_id: FIELDS.id.optional(),
    to: FIELDS.to,
    subject: FIELDS.subject,
    send_at: FIELDS.sendAt.optional(),
    ...text,
  })
  .refine(hasOneBody, ONE_BODY);

const REPLY = z.strictObject({ message_id: FIELDS.id, ...text }).refine(hasOneBody, ONE_BODY);

/** A request to send, as `POST /v1/send` takes it → action. */
export function parseSend(body: unknown): SendAction | InvalidAction {
  const parsed = SEND.safeParse(withoutBlanks(body, SEND));
  if (!parsed.success) return invalidFields("send", parsed.error);
  const { to, cc, bcc, subject, send_at, mailbox_id, idempotency_key } = parsed.data;
  return defined({
    name: "send",
    recipients: parseRecipients({ to, cc, bcc }),
    draft: defined({ subject, ...toDraft(parsed.data), sendAt: send_at }),
    mailboxId: mailbox_id,
    idempotencyKey: idempotency_key,
  });
}

/** A request to reply, as `POST /v1/reply` takes it → action. */
export function parseReply(body: unknown): ReplyAction | InvalidAction {
  const parsed = REPLY.safeParse(withoutBlanks(body, REPLY));
  if (!parsed.success) return invalidFields("reply", parsed.error);
  const { message_id, cc, bcc, idempotency_key } = parsed.data;
  return defined({
    name: "reply",
    emailId: message_id,
    recipients: parseRecipients({ cc, bcc }),
    draft: { subject: "", ...toDraft(parsed.data) },
    idempotencyKey: idempotency_key,
  });
}

function toDraft({
  body,
  markdown,
  attachments,
}: Text & { readonly attachments?: readonly AttachmentField[] | undefined }) {
  return { markdown: markdown ?? body ?? "", attachments: toAttachments(attachments) };
}
