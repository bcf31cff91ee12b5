import { FIELDS, parseSend } from "@countersign/core/action";
import { z } from "zod";
import { inputSchema } from "../input_schema.ts";
import type { EmailTool } from "../tool.ts";
import { EMAIL_ADVICE } from "./_advice.ts";
import { IDEMPOTENCY_KEY } from "./_arguments.ts";

/** Sends a new email. */
export const sendEmail: EmailTool = {
  name: "send_email",
  title: "Send email",
  action: "send",
  purpose: () => "Sends a new email, if the policy permits it.",
  advice: EMAIL_ADVICE,
  labels: { running: "Sending email", done: "Send email" },
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
  inputSchema: inputSchema(
    z.strictObject({
      to: FIELDS.to,
      subject: FIELDS.subject,
      body: FIELDS.markdown,
      cc: FIELDS.cc.optional(),
      bcc: FIELDS.bcc.optional(),
      attachments: FIELDS.attachments.optional(),
      send_at: FIELDS.sendAt.optional(),
      idempotency_key: IDEMPOTENCY_KEY.optional(),
      revises: FIELDS.revises.optional(),
    }),
  ),
  parse: parseSend,
};
