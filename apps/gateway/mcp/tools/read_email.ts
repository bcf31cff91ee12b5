import { FIELDS, invalidFields } from "@countersign/core/action";
import { z } from "zod";
import type { EmailTool } from "../tool.ts";
import { READING_ADVICE } from "./_advice.ts";
import { EMAIL_ID } from "./_properties.ts";

/** Where a body may be read from: `offset`, which is no part of the action but of how it is shown. */
export const OFFSET: z.ZodNumber = z.number().int().min(0).max(100_000_000);

const ARGUMENTS = z.strictObject({ email_id: FIELDS.id, offset: OFFSET.optional() });

/** Reads one email. */
export const readEmail: EmailTool = {
  name: "read_email",
  title: "Read email",
  action: "read",
  purpose: () =>
    "Reads one email: who wrote it to whom, its subject, its attachments' names and its body. It then counts as read " +
    "for everybody who shares the mailbox. A long body comes in parts: the answer says at which offset it goes on.",
  advice: READING_ADVICE,
  labels: { running: "Reading email", done: "Read email" },
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  properties: {
    email_id: EMAIL_ID,
    offset: {
      type: "integer",
      description: "Where in the body to begin, as an earlier answer said; 0 if left out.",
      minimum: 0,
    },
  },
  required: ["email_id"],
  parse: (args) => {
    const parsed = ARGUMENTS.safeParse(args);
    if (!parsed.success) return invalidFields("read", parsed.error);
    return { name: "read", emailId: parsed.data.email_id };
  },
};
