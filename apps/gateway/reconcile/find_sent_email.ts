import type { EmailAction } from "@countersign/core/action";
import { parseAddress } from "@countersign/core/address";
import type { TeamPolicy } from "@countersign/core/policy";
import type { EmailSummary, MultiMailClient } from "@countersign/multimail";
import { StaysOpen } from "./stays_open.ts";

/** Clocks differ: an email may be dated a little before the intent that made it. */
const CLOCK_SKEW_MS = 2 * 60_000;

/** At most this many pages of 100 are read; more outbound email than that since the intent is no telling. */
const MAX_PAGES = 20;

/**
 * Looks for an intent's email among what the mailbox has sent since: the same To and subject (for a reply, the same
 * thread) and no other receipt's tag. Undefined: MultiMail does not have it.
 *
 * @throws {MultiMailError} when MultiMail does not answer
 * @throws {StaysOpen} when it cannot be told
 */
export async function findSentEmail(
  client: MultiMailClient,
  policy: TeamPolicy,
  intent: { readonly action: EmailAction; readonly receipt: string; readonly at: number },
): Promise<EmailSummary | undefined> {
  const { id } = policy.mailbox;
  const isLike = await likeness(client, id, intent.action);
  const dateAfter = new Date(intent.at - CLOCK_SKEW_MS).toISOString();
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const { emails, cursor: next } = await client.listEmails(id, {
      direction: "outbound",
      dateAfter,
      limit: 100,
      ...(cursor !== undefined && { cursor }),
    });
    for (const email of emails.filter(isLike)) {
      const { receipt } = await client.getTags(id, email.id);
      if (receipt === intent.receipt || receipt === undefined) return email;
    }
    if (next === undefined) return undefined;
    cursor = next;
  }
  throw new StaysOpen(`Cannot look through more than ${MAX_PAGES * 100} emails`);
}

/** What tells the action's email from others. MultiMail makes a reply's To and subject, so its thread has to. */
async function likeness(
  client: MultiMailClient,
  mailboxId: string,
  action: EmailAction,
): Promise<(email: EmailSummary) => boolean> {
  if (action.name === "reply") {
    const { threadId } = await client.getEmail(mailboxId, action.emailId);
    if (threadId === undefined) throw new StaysOpen("Cannot tell a reply's email without a thread");
    return (email) => email.threadId === threadId;
  }
  const wanted = action.recipients.flatMap(({ field, parsed }) =>
    field === "to" && parsed.ok ? [parsed.address.key] : [],
  );
  return (email) => {
    const found = new Set(email.to.map(keyOf));
    return email.subject === action.draft.subject && wanted.every((key) => found.has(key));
  };
}

function keyOf(text: string): string {
  const parsed = parseAddress(text);
  return parsed.ok ? parsed.address.key : text;
}
