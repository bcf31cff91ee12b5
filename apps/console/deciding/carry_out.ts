import type { Verdict } from "@countersign/core/approval";
import { appendOnce, PENDING_INCOMING, type Waiting } from "@countersign/lifecycle";
import { type MultiMailClient, MultiMailError } from "@countersign/multimail";
import { type EntryFrame, lifecycleEntry, type TrailStore } from "@countersign/trail";
import type { Logger } from "pino";

/** A decision that is on record, and has the sole right to end the email's waiting. */
export interface Order {
  readonly waiting: Pick<Waiting, "receipt" | "emailId" | "mailbox"> & {
    /** Of its records. */
    readonly intent: Pick<EntryFrame, "team" | "assistant" | "receipt" | "policy">;
  };
  /** A received email: to ask for it would mark it as read for assistants. */
  readonly isIncoming?: true;
  /** With the key that decides. */
  readonly client: MultiMailClient;
  readonly verdict: Verdict;
  /** Address of who decided last. */
  readonly by: string;
  readonly reason?: string;
}

/** What carrying out needs of the world. */
export interface CarryOutWorld {
  readonly trail: TrailStore;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly log: Logger;
  /** Passed by on the way; only crash tests have one. */
  readonly failPoint?: (point: "after_approval" | "after_decide") => void;
}

/**
 * Tells MultiMail what was decided, and records that it did it. `unknown`: MultiMail has not said, or cannot now; doing it
 * again does no harm. `gone`: the email does not wait any more, by somebody else.
 *
 * @throws {TrailUnavailableError}
 */
export async function carryOut(order: Order, world: CarryOutWorld): Promise<"done" | "unknown" | "gone"> {
  const { waiting, client, verdict, reason } = order;
  const { receipt, emailId } = waiting;
  try {
    const { status } = await client.decide(emailId, verdict === "approve" ? "approve" : "reject", reason);
    world.failPoint?.("after_decide");
    await recordDone(order, status, world);
    return "done";
  } catch (error) {
    if (!(error instanceof MultiMailError)) throw error;
    if (error.code === "conflict" || error.code === "not_found") return settled(order, world);
    world.log.warn(
      { receipt, code: error.code },
      "MultiMail has not carried out a decision yet; it is tried again",
    );
    return "unknown";
  }
}

/** It does not wait any more: by this decision, carried out earlier, or by somebody else. */
async function settled(order: Order, world: CarryOutWorld): Promise<"done" | "unknown" | "gone"> {
  const { waiting, client, verdict, isIncoming } = order;
  try {
    if (isIncoming) return await settledIncoming(order, world);
    const { status, approvedAt } = await client.getEmail(waiting.mailbox, waiting.emailId);
    if (status === "pending_send_approval" || status === "pending_scan") return "unknown";
    const isOurs =
      verdict === "approve" ? approvedAt !== undefined && status !== "rejected" : status === "rejected";
    if (!isOurs) return "gone";
    await recordDone(order, status, world);
    return "done";
  } catch (error) {
    if (!(error instanceof MultiMailError)) throw error;
    return "unknown";
  }
}

/** Which of its lists it is in tells how it stands, and marks nothing as read. */
async function settledIncoming(order: Order, world: CarryOutWorld): Promise<"done" | "unknown" | "gone"> {
  const { waiting, client, verdict } = order;
  const isAmong = async (status: string) => {
    const query = { status, direction: "inbound", limit: 100 } as const;
    const { emails } = await client.listEmails(waiting.mailbox, query);
    return emails.some(({ id }) => id === waiting.emailId);
  };
  if (await isAmong(PENDING_INCOMING)) return "unknown";
  const isRejected = await isAmong("rejected");
  if (isRejected !== (verdict === "reject")) return "gone";
  await recordDone(order, isRejected ? "rejected" : "approved", world);
  return "done";
}

async function recordDone(
  { waiting, verdict, by, reason, isIncoming }: Order,
  status: string,
  world: CarryOutWorld,
): Promise<void> {
  const { intent, emailId, receipt } = waiting;
  const event = verdict === "approve" ? "approved" : "rejected";
  const entry = lifecycleEntry(intent, world.clock(), {
    ...{ event, email: emailId, learnt_by: "console", by, decided_by: "approver", multimail_status: status },
    // What was received is not followed any further.
    final: isIncoming === true || event === "rejected",
    ...(reason !== undefined && event === "rejected" && { reason }),
  });
  await appendOnce([{ what: `${event} of ${receipt}`, entry }], world);
}
