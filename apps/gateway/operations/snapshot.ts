import type { World } from "../enforce/world.ts";
import { type MailboxState, mailboxState } from "./mailbox_state.ts";
import type { Snapshot } from "./metrics.ts";

/** Counts what stands open and how the mailboxes are. */
export async function snapshot(world: World): Promise<Snapshot> {
  const mailboxes: Record<MailboxState, number> = {
    verified: 0,
    different: 0,
    stale: 0,
    unseen: 0,
    stopped: 0,
  };
  let oldest = world.clock();
  for (const policy of world.policies().teams.values()) {
    const { state, seenAt = oldest } = mailboxState(policy, world);
    mailboxes[state]++;
    oldest = Math.min(oldest, seenAt);
  }
  // A trail that cannot be read shows elsewhere; the other figures are wanted then more than ever.
  const open = await world.trail.openIntents().catch(() => undefined);
  return {
    openIntents: open?.length ?? Number.NaN,
    mailboxes,
    oldestMailboxSeconds: (world.clock() - oldest) / 1000,
  };
}
