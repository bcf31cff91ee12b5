import type { EmailAction } from "@countersign/core/action";
import { parseAddress } from "@countersign/core/address";
import type { TeamPolicy } from "@countersign/core/policy";
import type { EmailSummary, MultiMailClient } from "@countersign/multimail";
import type { World } from "../enforce/world.ts";

/** Clocks differ: an email may be dated a little before the intent that made it. */
const CLOCK_SKEW_MS = 2 * 60_000;

/** At most this many pages of 100 are read; more outbound email than that since the intent is no telling. */
const MAX_PAGES = 20;

/** What is known of the email that is looked for. */
export interface SoughtEmail {
  readonly policy: TeamPolicy;
  readonly action: EmailAction;
  readonly receipt: string;
  /** When it was asked for; epoch milliseconds. */
  readonly at: number;
}

/**
 * Looks for an intent's email among what the mailbox has sent since: the same To and subject (for a reply, the same
 * thread), and neither the trail nor a tag says that it is another receipt's. Undefined: MultiMail does not have it.
 *
 * @throws {MultiMailError} when MultiMail does not answer
 * @throws {StaysOpen} when it cannot be told
 */
export async function findSentEmail(
  sought: SoughtEmail,
  world: Pick<World, "clientFor" | "trail">,
): Promise<EmailSummary | undefined> {
  const { policy, action, receipt, at } = sought;
  const { id } = policy.mailbox;
  const client = world.clientFor(policy);
  const isLike = await likeness(client, id, action);
  const dateAfter = new Date(at - CLOCK_SKEW_MS).toISOString();
  let taken: ReadonlySet<string> | undefined;
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const { emails, cursor: next } = await client.listEmails(id, {
      direction: "outbound",
      dateAfter,
      limit: 100,
      ...(cursor !== undefined && { cursor }),
    });
    for (const email of emails.filter(isLike)) {
      // Tags come later than answers, and a gateway that was killed has not written its last ones: the trail knows more.
      taken ??= await takenEmails(sought, world);
      if (taken.has(email.id)) continue;
      const tags = await client.getTags(id, email.id);
      if (tags.receipt === receipt || tags.receipt === undefined) return email;
    }
    if (next === undefined) return undefined;
    cursor = next;
  }
  throw new StaysOpen(`Cannot look through more than ${MAX_PAGES * 100} emails`);
}

/** MultiMail's ids of the emails since then that the trail knows to be another receipt's. */
async function takenEmails(
  { policy: { team }, receipt, at }: SoughtEmail,
  { trail }: Pick<World, "trail">,
): Promise<ReadonlySet<string>> {
  const taken = new Set<string>();
  for await (const { record } of trail.records({ kind: "outcome", team, since: at - 2 * CLOCK_SKEW_MS })) {
    const { email } = record.data;
    if (email !== null && record.receipt !== receipt) taken.add(email);
  }
  return taken;
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

/** What became of an intent cannot be found out now; the message says why. */
export class StaysOpen extends Error {
  override readonly name = "StaysOpen";
}
