import { parseSend } from "@countersign/core/action";
import type { EmailTool } from "../tool.ts";
import { EMAIL_ADVICE } from "./_advice.ts";
import { addresses, CONTENT } from "./_properties.ts";

/** Sends a new email. */
export const sendEmail: EmailTool = {
  name: "send_email",
  title: "Send email",
  action: "send",
  purpose: () => "Sends a new email, if the policy permits it.",
  advice: EMAIL_ADVICE,
  labels: { running: "Sending email", done: "Send email" },
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
  properties: {
    to: { ...addresses("Recipients: one address each."), minItems: 1 },
    subject: { type: "string", description: "The subject, on one line.", minLength: 1, maxLength: 998 },
    body: CONTENT.body,
    cc: CONTENT.cc,
    bcc: CONTENT.bcc,
    attachments: CONTENT.attachments,
    send_at: {
      type: "string",
      description: "When it may leave, in UTC, such as 2026-12-31T09:00:00Z. Leave it out to send at once.",
    },
    idempotency_key: CONTENT.idempotency_key,
  },
  required: ["to", "subject", "body"],
  parse: parseSend,
};
