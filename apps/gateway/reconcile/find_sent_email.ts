import type { EmailAction } from "@countersign/core/action";
import { parseAddress } from "@countersign/core/address";
import type { TeamPolicy } from "@countersign/core/policy";
import type { EmailSummary, MultiMailClient } from "@countersign/multimail";

/** Clocks differ: an email may be dated a little before the intent that made it. */
const CLOCK_SKEW_MS = 2 * 60_000;

/** At most this many pages of 100 are read; more outbound email than that since the intent is no telling. */
const MAX_PAGES = 20;

/**
 * Looks for an intent's email among what the mailbox has sent since: the same To and subject, and no other receipt's
 * tag. Undefined: MultiMail does not have it.
 *
 * @throws {MultiMailError} when MultiMail does not answer
 * @throws {RangeError} when there is too much email to look through
 */
export async function findSentEmail(
  client: MultiMailClient,
  policy: TeamPolicy,
  intent: { readonly action: EmailAction; readonly receipt: string; readonly at: number },
): Promise<EmailSummary | undefined> {
  const { id } = policy.mailbox;
  const dateAfter = new Date(intent.at - CLOCK_SKEW_MS).toISOString();
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const { emails, cursor: next } = await client.listEmails(id, {
      direction: "outbound",
      dateAfter,
      limit: 100,
      ...(cursor !== undefined && { cursor }),
    });
    for (const email of emails.filter((candidate) => isLike(candidate, intent.action))) {
      const { receipt } = await client.getTags(id, email.id);
      if (receipt === intent.receipt || receipt === undefined) return email;
    }
    if (next === undefined) return undefined;
    cursor = next;
  }
  throw new RangeError(`Cannot look through more than ${MAX_PAGES * 100} emails`);
}

function isLike(email: EmailSummary, action: EmailAction): boolean {
  // A reply's To and subject are MultiMail's making; its thread was not recorded, so any untagged "Re:" may be it.
  if (action.name === "reply") return /^re:/i.test(email.subject);
  const wanted = action.recipients.flatMap(({ field, parsed }) =>
    field === "to" && parsed.ok ? [parsed.address.key] : [],
  );
  const found = new Set(email.to.map((text) => keyOf(text)));
  return email.subject === action.draft.subject && wanted.every((key) => found.has(key));
}

function keyOf(text: string): string {
  const parsed = parseAddress(text);
  return parsed.ok ? parsed.address.key : text;
}
