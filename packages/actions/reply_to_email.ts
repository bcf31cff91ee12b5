import { ask } from "./_ask.ts";
import { type EmailOptions, emailFields } from "./email_options.ts";
import type { SentEmail } from "./sent_email.ts";

/**
 * Answers the email `messageId`, or has the answer held for a person. `body` is markdown.
 * Throws a `CountersignError` when it is refused, or when nobody knows.
 */
export async function replyToEmail(
  apiKey: string,
  messageId: string,
  body: string,
  options: EmailOptions = {},
): Promise<SentEmail> {
  return ask(
    apiKey,
    {
      doing: "reply to email",
      subject: "Reply",
      path: "/v1/reply",
      body: { message_id: messageId, body, ...emailFields(options) },
      field: "status",
    },
    options,
  );
}
