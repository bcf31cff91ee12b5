import type { TeamPolicy } from "@countersign/core/policy";
import { incomingReceipt, PENDING_INCOMING, type WaitingFact } from "@countersign/lifecycle";
import type { MultiMailClient } from "@countersign/multimail";

/** At most so many pages of a hundred are listed: a notice says how many wait, and a person looks at them all. */
const MAX_PAGES = 10;

/**
 * Which of these received emails of a team still wait for a person.
 *
 * @throws {MultiMailError}
 */
export async function receivedFacts(
  receipts: readonly string[],
  { mailbox }: Pick<TeamPolicy, "mailbox">,
  client: Pick<MultiMailClient, "listEmails">,
): Promise<readonly WaitingFact[]> {
  const wanted = new Set(receipts);
  const facts: WaitingFact[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES && facts.length < wanted.size; page++) {
    const listed = await client.listEmails(mailbox.id, {
      ...{ status: PENDING_INCOMING, direction: "inbound", limit: 100 },
      ...(cursor !== undefined && { cursor }),
    });
    for (const { id, status, receivedAt } of listed.emails) {
      const receipt = incomingReceipt(id);
      if (status === PENDING_INCOMING && wanted.has(receipt))
        facts.push({ receipt, heldAt: Date.parse(receivedAt ?? "") || Number.POSITIVE_INFINITY });
    }
    cursor = listed.cursor;
    if (cursor === undefined) break;
  }
  return facts;
}
