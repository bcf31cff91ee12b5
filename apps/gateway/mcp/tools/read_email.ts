import { z } from "zod";
import { type EmailTool, emailTool } from "../tool.ts";
import { READING_ADVICE } from "./_advice.ts";
import { EMAIL_ID } from "./_arguments.ts";

/** No part of the action but of how it is shown. There is no body that long, and no reader needs to know it. */
const OFFSET = z.number().int().min(0).max(100_000_000).meta({
  description: "Where in the body to begin, as an earlier answer said; 0 if left out.",
  maximum: undefined,
});

/** Reads one email. */
export const readEmail: EmailTool = emailTool(
  {
    name: "read_email",
    title: "Read email",
    action: "read",
    purpose: () =>
      "Reads one email: who wrote it to whom, its subject, its attachments' names and its body. It then counts as read " +
      "for everybody who shares the mailbox. A long body comes in parts: the answer says at which offset it goes on.",
    advice: READING_ADVICE,
    labels: { running: "Reading email", done: "Read email" },
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  },
  z.strictObject({ email_id: EMAIL_ID, offset: OFFSET.optional() }),
  ({ email_id }) => ({ name: "read", emailId: email_id }),
);
