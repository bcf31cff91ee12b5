import { type Action, isEmailAction } from "../action/mod.ts";
import { type Address, matchesPattern } from "../address/mod.ts";
import type { TeamPolicy } from "../policy/mod.ts";
import type { Context } from "./context.ts";
import type { JudgedRecipient } from "./decision.ts";

/**
 * Everybody whom an email would reach: those whom the caller names and, for a reply, the sender, To and Cc of the email
 * replied to. The team's own mailbox is no recipient of its own reply, unless there is nobody else.
 */
export function judgedRecipients(
  policy: TeamPolicy,
  action: Action,
  context: Context,
): readonly JudgedRecipient[] {
  if (!isEmailAction(action)) return [];
  if (action.name !== "reply" || !context.original?.ok) return action.recipients;
  const own = policy.mailbox.address.toLowerCase();
  const participants = context.original.participants.map(
    (participant): JudgedRecipient => ({ field: "participant", ...participant }),
  );
  const others = participants.filter(({ parsed }) => !parsed.ok || parsed.address.key !== own);
  return [...(others.length > 0 ? others : participants), ...action.recipients];
}

/** Whether the address belongs to our own people: `recipients.internal`. */
export function isInternal(policy: TeamPolicy, address: Address): boolean {
  return policy.recipients.internal.some((pattern) => matchesPattern(pattern.value, address));
}

/** Indices of the recipients asked for who are not among the known (`Address.base`); absent: nobody is known. */
export function newContacts(
  recipients: readonly JudgedRecipient[],
  known: ReadonlySet<string> | undefined,
): readonly number[] {
  return recipients.flatMap(({ parsed, composed }, index) =>
    parsed.ok && !composed && !known?.has(parsed.address.base) ? [index] : [],
  );
}
