import { ask } from "./_ask.ts";
import { type EmailOptions, emailFields } from "./email_options.ts";
import type { SentEmail } from "./sent_email.ts";

/** Options of {@linkcode sendEmail}. */
export interface SendOptions extends EmailOptions {
  /** When it may leave: a time, or text in UTC such as `2026-12-31T09:00:00Z`. @default at once */
  readonly sendAt?: Date | string;
}

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
  options: SendOptions = {},
): Promise<SentEmail> {
  const { sendAt } = options;
  const send_at = typeof sendAt === "object" ? sendAt.toISOString() : sendAt;
  return ask(
    apiKey,
    {
      doing: "send email",
      subject: "Email",
      path: "/v1/send",
      body: { mailbox_id: mailboxId, to, subject, body, send_at, ...emailFields(options) },
      field: "status",
    },
    options,
  );
}
