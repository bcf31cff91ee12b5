import { randomUUID } from "node:crypto";
import type { Claim, StoredRecord } from "@countersign/trail";

/** For so long nobody else ends the email's waiting: whoever does is done by then, or dead. As long as the console's. */
const DECIDE_MS = 2 * 60_000;

/** Begins what the gateway claims: all that it may do is cancel. */
const CANCEL = "cancel ";

/** The sole right to end an email's waiting by cancelling it. */
export function cancelClaim(receipt: string, now: number): Claim {
  return claim(`decide:${receipt}`, now);
}

/**
 * The same, as long as nobody decided on it besides those whose decisions are among these records of it: a decision that is kept
 * for later takes no right yet.
 */
export function cancelClaims(
  records: readonly StoredRecord[],
  { receipt, now }: { readonly receipt: string; readonly now: number },
): readonly Claim[] {
  const count = records.filter(({ record: { kind } }) => kind === "approval").length;
  return [cancelClaim(receipt, now), claim(`approval:${receipt}:${count}`, now)];
}

function claim(key: string, now: number): Claim {
  return { key, fingerprint: `${CANCEL}${randomUUID()}`, expiresAt: now + DECIDE_MS };
}

/** Whether who claimed the right to end an email's waiting is to cancel it. */
export function isToCancel(fingerprint = ""): boolean {
  return fingerprint.startsWith(CANCEL);
}
