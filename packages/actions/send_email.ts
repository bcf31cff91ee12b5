import { ask } from "./_ask.ts";
import type { EmailOptions } from "./action_options.ts";
import type { SentEmail } from "./sent_email.ts";

/**
 * Sends an email, or has it held for a person. `body` is markdown.
 * Throws a `CountersignError` when it is refused, or when nobody knows.
 *
 * @example
 * ```ts
 * import { sendEmail } from "@countersign/actions";
 *
 * const [key, mailbox] = ["csk_…", "01KJ1NHN8J5Q0V4Y8Z3T6R2W9C"];
 * const { status, receipt } = await sendEmail(key, mailbox, "ann@client.example", "Your invoice", "Dear Ann, …");
 * ```
 */
export async function sendEmail(
  apiKey: string,
  mailboxId: string,
  to: string | readonly string[],
  subject: string,
  body: string,
  options: EmailOptions = {},
): Promise<SentEmail> {
  const { cc, bcc, idempotencyKey } = options;
  return ask(
    apiKey,
    {
      doing: "send email",
      subject: "Email",
      path: "/v1/send",
      body: { mailbox_id: mailboxId, to, cc, bcc, subject, body, idempotency_key: idempotencyKey },
      field: "status",
    },
    options,
  );
}
