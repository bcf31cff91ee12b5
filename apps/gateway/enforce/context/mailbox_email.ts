import type { MailboxEmail } from "@countersign/core/decision";
import type { EmailSummary } from "@countersign/multimail";
import type { World } from "../world.ts";

/**
 * An email that MultiMail showed, as far as it matters who may see it. Whose it is its From does not tell, which a
 * stranger writes as they like: MultiMail's `direction` does, and where there is none, the trail, which knows what was
 * sent from here.
 */
export async function mailboxEmail(
  { id, status, direction, deliveredAt, bouncedAt }: EmailSummary,
  { trail }: Pick<World, "trail">,
): Promise<MailboxEmail> {
  return {
    status,
    isOwn: direction === undefined ? (await trail.receiptOf(id)) !== undefined : direction === "outbound",
    hasLeft: deliveredAt !== undefined || bouncedAt !== undefined,
  };
}
