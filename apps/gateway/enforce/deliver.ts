import type { EmailAction, RecipientField } from "@countersign/core/action";
import type { TeamPolicy } from "@countersign/core/policy";
import type { AcceptedEmail, MultiMailClient } from "@countersign/multimail";

/** What an email is handed to MultiMail with. */
export interface DeliverOptions {
  readonly idempotencyKey: string;
  /** When it may leave, if not at once; ISO 8601 in UTC. */
  readonly sendAt?: string;
}

/**
 * Hands an authorised email to MultiMail: to the canonical addresses that were judged, in the team's own mailbox.
 *
 * @throws {MultiMailError}
 */
export function deliver(
  client: MultiMailClient,
  policy: TeamPolicy,
  action: EmailAction,
  options: DeliverOptions,
): Promise<AcceptedEmail> {
  const { draft } = action;
  const { idempotencyKey, sendAt } = options;
  const content = {
    markdown: draft.markdown,
    ...nonEmpty("cc", addresses(action, "cc")),
    ...nonEmpty("bcc", addresses(action, "bcc")),
    ...nonEmpty("attachments", draft.attachments),
  };
  if (action.name === "reply") {
    return client.reply(policy.mailbox.id, action.emailId, content, { idempotencyKey });
  }
  return client.send(
    policy.mailbox.id,
    {
      to: addresses(action, "to"),
      subject: draft.subject,
      ...content,
      ...(sendAt !== undefined && { sendAt }),
    },
    { idempotencyKey },
  );
}

function addresses(action: EmailAction, field: RecipientField): readonly string[] {
  return action.recipients.flatMap((recipient) =>
    recipient.field === field && recipient.parsed.ok ? [recipient.parsed.address.address] : [],
  );
}

function nonEmpty<K extends string, T>(key: K, values: readonly T[]): { readonly [P in K]?: readonly T[] } {
  return values.length === 0 ? {} : ({ [key]: values } as { readonly [P in K]: readonly T[] });
}
