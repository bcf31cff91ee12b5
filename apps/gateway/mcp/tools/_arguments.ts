import { FIELDS } from "@countersign/core/action";
import type { z } from "zod";

/** What names an email. */
export const EMAIL_ID: z.ZodString = FIELDS.emailId.describe("The email_id, from check_inbox or get_thread.");

/** Models make one up whenever they see it, and every email is then another. */
export const IDEMPOTENCY_KEY: z.ZodString = FIELDS.idempotencyKey.describe(
  "Leave it out. Only when the user wants the same email sent once more: any new text, which says that it is meant.",
);
