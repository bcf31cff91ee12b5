import type { Finding } from "@countersign/core/decision";
import { receiptState } from "@countersign/lifecycle";
import type { TakenClaim } from "@countersign/trail";
import type { Judged } from "./judged.ts";
import { judgedEntry } from "./judged_entry.ts";
import type { Denied, Duplicate } from "./outcome.ts";
import { deniedBy, recordDenial } from "./record_denial.ts";
import type { World } from "./world.ts";

/**
 * Answers a request that came before: it is pointed to the first one and sends nothing. One that uses an idempotency key
 * again for another email is denied. Both are on record.
 */
export async function recordRepeated(
  judged: Judged,
  earlier: TakenClaim,
  world: World,
): Promise<Duplicate | Denied> {
  if (earlier.fingerprint !== earlier.claim.fingerprint) {
    return recordDenial(deniedBy(judged, CONFLICT), world);
  }
  const duplicate: Finding = {
    rule: "duplicate",
    effect: "deny",
    message: "The same email was asked for a short while ago, so nothing was sent again",
    detail: `Same as receipt ${earlier.receipt}`,
  };
  await world.trail.append(judgedEntry(deniedBy(judged, duplicate)));
  const state = receiptState(await world.trail.recordsOf(earlier.receipt));
  if (state === undefined) throw new Error(`Cannot find the intent of receipt "${earlier.receipt}"`);
  return { kind: "duplicate", receipt: earlier.receipt, state };
}

const CONFLICT: Finding = {
  rule: "idempotency",
  effect: "deny",
  message: "This idempotency key was used for another email; use a new key for a new email",
};
