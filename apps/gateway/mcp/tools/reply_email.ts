import { FIELDS, parseReply } from "@countersign/core/action";
import { z } from "zod";
import { inputSchema } from "../input_schema.ts";
import type { EmailTool } from "../tool.ts";
import { EMAIL_ADVICE } from "./_advice.ts";
import { EMAIL_ID, IDEMPOTENCY_KEY } from "./_arguments.ts";
import { renamed } from "./_renamed.ts";

/** Answers an email. */
export const replyEmail: EmailTool = {
  name: "reply_email",
  title: "Reply to email",
  action: "reply",
  purpose: () =>
    "Replies to an email. The reply goes to its sender and to everybody in its To and Cc, besides those whom you add: " +
    "if the policy refuses one of them, the whole reply is refused, and the answer says whom.",
  advice: EMAIL_ADVICE,
  labels: { running: "Replying to email", done: "Reply to email" },
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
  inputSchema: inputSchema(
    z.strictObject({
      email_id: EMAIL_ID,
      body: FIELDS.markdown,
      cc: FIELDS.cc.optional(),
      bcc: FIELDS.bcc.optional(),
      attachments: FIELDS.attachments.optional(),
      idempotency_key: IDEMPOTENCY_KEY.optional(),
      revises: FIELDS.revises.optional(),
    }),
  ),
  parse: ({ email_id, ...rest }) =>
    renamed(parseReply({ message_id: email_id, ...rest }), (field) =>
      field === "message_id" ? "email_id" : field,
    ),
};
