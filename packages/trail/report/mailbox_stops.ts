import { type DriftData, driftEntry } from "../record/drift.ts";
import type { TrailRecord } from "../record/record.ts";
import type { TrailStore } from "../store/store.ts";

/** A mailbox with an alarm that nobody cleared: it is stopped, or only told of. */
export interface MailboxStop {
  readonly mailbox: string;
  readonly record: TrailRecord;
  readonly data: DriftData;
}

/** The latest stop, or else alarm, of each mailbox that was not cleared after it, in their order. */
export async function readMailboxStops(trail: Pick<TrailStore, "records">): Promise<readonly MailboxStop[]> {
  const stops = new Map<string, MailboxStop>();
  for await (const { record } of trail.records({ kind: "drift" })) {
    const data = record.data;
    const { mailbox } = data;
    if (data.result === "stopped" || (data.result === "decided_by_other" && !stops.has(mailbox)))
      stops.set(mailbox, { mailbox, record, data });
    if (data.result === "cleared") stops.delete(mailbox);
  }
  return [...stops.values()];
}

/** Who lets a mailbox send again, and why. */
export interface Clearing {
  readonly by: string;
  readonly reason: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * Puts on record that a person let a mailbox send again: gateways notice within seconds.
 *
 * @throws {TrailUnavailableError}
 */
export async function recordMailboxCleared(
  trail: Pick<TrailStore, "append">,
  { mailbox, record, data: { because } }: MailboxStop,
  { reason, by, now }: Clearing,
): Promise<void> {
  const cleared = { result: "cleared", mailbox, by, reason, ...(because !== null && { because }) } as const;
  const { team } = record;
  await trail.append(driftEntry(cleared, { at: now, team, receipt: null, policy: null }));
}
