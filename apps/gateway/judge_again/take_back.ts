import { appendOnce, type Waiting } from "@countersign/lifecycle";
import { type MultiMailClient, MultiMailError } from "@countersign/multimail";
import { type LifecycleData, lifecycleEntry } from "@countersign/trail";
import { cancelClaims, isToCancel } from "../record/cancel_claims.ts";
import type { JudgeAgainWorld } from "./judge_again_world.ts";

/** Another gateway that took the decision has carried it out by then, or died. */
const CARRIED_OUT_MS = 30_000;

/** Why an email is taken back, and by which client of MultiMail. */
export interface TakeBackOptions {
  readonly event: "denied" | "expired";
  readonly findings?: NonNullable<LifecycleData["findings"]>;
  /** Hash of the policies by which. */
  readonly policy: string | null;
  readonly client: MultiMailClient;
}

/**
 * Takes an email that waits back: why becomes durable, with the sole right to decide, then MultiMail is asked to cancel, and
 * what it answers becomes durable. `later`: somebody else ends its waiting right now. `gone`: it does not wait any more.
 *
 * @throws {MultiMailError} when MultiMail does not say that it did it: then it is done again
 * @throws {TrailUnavailableError}
 */
export async function takeBack(
  { receipt, intent, emailId, mailbox, records }: Waiting,
  { event, findings, policy, client }: TakeBackOptions,
  world: JudgeAgainWorld,
): Promise<"cancelled" | "later" | "gone"> {
  const { trail, clock, log } = world;
  const now = clock();
  const by = { email: emailId, learnt_by: "policy" } as const;
  const appended = await trail.tryAppend({
    ...lifecycleEntry({ ...intent, policy }, now, { event, ...(findings && { findings }), ...by }),
    claims: cancelClaims(records, { receipt, now }),
  });
  if (!appended.ok && !(await isOursToFinish(receipt, appended, world))) return "later";
  try {
    const { status } = await client.cancel(mailbox, emailId);
    const cancelled = { event: "cancelled", multimail_status: status, final: true, ...by } as const;
    await appendOnce(
      [{ what: `cancelled of ${receipt}`, entry: lifecycleEntry(intent, clock(), cancelled) }],
      world,
    );
    return "cancelled";
  } catch (error) {
    if (!(error instanceof MultiMailError) || error.code !== "conflict") throw error;
    log.error(
      { receipt, team: intent.team },
      "An email left before it could be cancelled, or somebody decided on it",
    );
    await world.look(receipt, "polling");
    return "gone";
  }
}

/** Whether the decision to cancel is on record and whoever took it died: then it is carried out again, which does no harm. */
async function isOursToFinish(
  receipt: string,
  refused: { readonly reason: string; readonly fingerprint?: string },
  { trail, clock }: JudgeAgainWorld,
): Promise<boolean> {
  if (refused.reason !== "claimed" || !isToCancel(refused.fingerprint)) return false;
  const decided = (await trail.recordsOf(receipt)).findLast(
    ({ record: { kind, data } }) =>
      kind === "lifecycle" && (data.event === "denied" || data.event === "expired"),
  );
  return decided !== undefined && clock() - Date.parse(decided.record.at) >= CARRIED_OUT_MS;
}
