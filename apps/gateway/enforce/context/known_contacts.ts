import type { JudgedRecipient } from "@countersign/core/decision";
import type { TeamPolicy } from "@countersign/core/policy";
import { MultiMailError } from "@countersign/multimail";
import { receiptState } from "../receipt_state.ts";
import type { World } from "../world.ts";

/** How many of a recipient's earlier emails are looked at: one that was taken is enough. */
const MAX_EARLIER = 20;

/** What says that an email did not reach anybody. */
const UNWRITTEN: ReadonlySet<string> = new Set(["denied", "refused", "rejected", "cancelled", "failed"]);

/**
 * `Address.base` of those recipients whom the team wrote to, as the trail knows, or heard from, as MultiMail knows. What
 * cannot be found out is not known.
 */
export async function knownContacts(
  policy: TeamPolicy,
  recipients: readonly JudgedRecipient[],
  world: World,
): Promise<ReadonlySet<string>> {
  if (policy.firstContact === "allow" && policy.afterOutsideMail === undefined) return new Set();
  const bases = new Set(recipients.flatMap(({ parsed }) => (parsed.ok ? [parsed.address.base] : [])));
  const known = await Promise.all(
    [...bases].map(async (base) =>
      (await wroteTo(policy, base, world)) || (await heardFrom(policy, base, world)) ? [base] : [],
    ),
  );
  return new Set(known.flat());
}

async function wroteTo({ team }: TeamPolicy, recipient: string, { trail }: World): Promise<boolean> {
  const filter = {
    kind: "intent",
    effect: "allow",
    team,
    recipient,
    newestFirst: true,
    limit: MAX_EARLIER,
  } as const;
  for await (const { record } of trail.records(filter)) {
    const state = receiptState(await trail.recordsOf(record.receipt ?? ""));
    if (state !== undefined && !UNWRITTEN.has(state.status)) return true;
  }
  return false;
}

async function heardFrom(policy: TeamPolicy, sender: string, { clientFor }: World): Promise<boolean> {
  try {
    const query = { direction: "inbound", sender, limit: 1 } as const;
    const { emails } = await clientFor(policy).listEmails(policy.mailbox.id, query);
    return emails.length > 0;
  } catch (error) {
    if (!(error instanceof MultiMailError)) throw error;
    return false;
  }
}
