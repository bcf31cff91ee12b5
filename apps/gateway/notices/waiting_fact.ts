import { heldSince, receiptState, signedApprovals, type WaitingFact } from "@countersign/lifecycle";
import { isOf, type TrailStore } from "@countersign/trail";
import type { ConsoleKeys } from "../lifecycle/console_keys.ts";

/** What waiting email is looked up with. */
export interface WaitingFactWorld {
  readonly trail: Pick<TrailStore, "recordsOf">;
  readonly consoleKeys: ConsoleKeys;
}

/**
 * What people are told of an email, if it still waits for one; undefined: it was decided on, be it that it is kept until the
 * hours open.
 *
 * @throws {TrailUnavailableError}
 */
export async function waitingFact(
  receipt: string,
  { trail, consoleKeys }: WaitingFactWorld,
): Promise<WaitingFact | undefined> {
  const records = await trail.recordsOf(receipt);
  const state = receiptState(records);
  const intent = records.find(isOf("intent"))?.record;
  if (state?.status !== "pending" || intent === undefined) return undefined;
  if (records.some(({ record }) => record.kind === "approval")) {
    const signed = signedApprovals(records, await consoleKeys());
    if (signed.some(({ data }) => data.completes)) return undefined;
  }
  return { receipt, assistant: state.assistant, heldAt: heldSince({ intent, records }) };
}
