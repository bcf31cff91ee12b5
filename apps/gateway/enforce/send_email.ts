import type { EmailAction } from "@countersign/core/action";
import type { Decision, Finding } from "@countersign/core/decision";
import type { RuleName, TeamPolicy } from "@countersign/core/policy";
import { isLater } from "@countersign/lifecycle";
import { MultiMailError } from "@countersign/multimail";
import { outcomeEntry, TrailUnavailableError, type WantingEntry } from "@countersign/trail";
import { claimsOf, endClaim } from "./claims.ts";
import { reservationsOf } from "./counters.ts";
import { deliver } from "./deliver.ts";
import { failureOf } from "./failure.ts";
import type { Judged, JudgedByPolicy } from "./judged.ts";
import { judgedEntry } from "./judged_entry.ts";
import type { Failed, Outcome, Taken } from "./outcome.ts";
import { deniedBy, recordDenial } from "./record_denial.ts";
import { recordRepeated } from "./record_repeated.ts";
import { recordUnshown } from "./record_unshown.ts";
import type { World } from "./world.ts";

/**
 * Lets an email leave if the decision allows it, in this order: the intent and its claims become durable, MultiMail is
 * called with the idempotency key on record, and its answer becomes durable.
 */
export async function sendEmail(action: EmailAction, judged: Judged, world: World): Promise<Outcome> {
  const { call, decision, policy } = judged;
  const claims = claimsOf(call, action, decision.recipients);
  // What became of another's email is not for whoever may not use the assistant.
  if (decision.findings.some(({ rule }) => rule === "users")) return recordDenial(judged, world);
  if (decision.effect === "deny" || policy === undefined) {
    // A repeated request is told of the first one even if it would be denied now: a limit that the first one used up
    // is no answer to "did my email leave?".
    const earlier = await world.trail.findClaim(claims, call.receivedAt);
    if (earlier !== undefined) return recordRepeated(judged, earlier, world);
    return recordUnshown(judged, world) ?? recordDenial(judged, world);
  }
  const enforced = isEnforced("limits", policy, decision);
  const reservations = reservationsOf(judged.counters, call.caller, { enforced });
  const counted = new Set(reservations.map(({ counter }) => counter)).size;
  const entry = judgedEntry(judged);
  const data = counted > 0 ? { ...entry.data, counted } : entry.data;
  const intent = { ...entry, data, claims, reservations };
  const { receipt } = judged;
  world.inFlight.add(receipt);
  try {
    world.failPoint?.("before_intent");
    const appended = await world.trail.tryAppend(intent);
    if (!appended.ok && appended.reason === "claimed") return await recordRepeated(judged, appended, world);
    // Others took the last of a limit since it was counted.
    if (!appended.ok) return await recordDenial(deniedBy(judged, LIMIT_REACHED), world);
    world.failPoint?.("after_intent");
    return await deliverRecorded(action, intent, { ...judged, policy }, world);
  } finally {
    world.inFlight.delete(receipt);
  }
}

/** Whether the rule stops this email: it is not set to warn, and no exception lifts it. */
function isEnforced(rule: RuleName, policy: TeamPolicy, { findings }: Decision): boolean {
  return policy.rules.get(rule) !== "warn" && !findings.some((finding) => finding.rule === rule);
}

const LIMIT_REACHED: Finding = {
  rule: "limits",
  effect: "deny",
  message: "A limit on how much may be sent is reached; try again later",
};

async function deliverRecorded(
  action: EmailAction,
  intent: WantingEntry<"intent">,
  { call, decision, policy, receipt }: JudgedByPolicy,
  world: World,
): Promise<Taken | Failed> {
  const asked = decision.sendAt ?? action.draft.sendAt;
  // A time that is past by what clocks may differ means now.
  const sendAt = isLater(asked, new Date(world.clock()).toISOString()) ? asked : undefined;
  try {
    const accepted = await deliver(world.clientFor(policy), policy, action, {
      idempotencyKey: receipt,
      ...(sendAt !== undefined && { sendAt }),
    });
    world.failPoint?.("after_send");
    const { id: emailId, threadId, status: multimailStatus } = accepted;
    await world.trail.append(
      outcomeEntry(intent, world.clock(), {
        result: "accepted",
        email: emailId,
        thread: threadId ?? null,
        multimail_status: multimailStatus,
      }),
    );
    world.failPoint?.("after_outcome");
    world.onAccepted({
      policy,
      assistant: call.caller.assistant,
      receipt,
      emailId,
      ...(sendAt !== undefined && { sendAt }),
      sealed: intent.sealed ?? [],
    });
    const scheduled = sendAt !== undefined;
    return {
      kind: "taken",
      receipt,
      status: decision.held ? "pending" : scheduled ? "scheduled" : "queued",
      decision,
      emailId,
      multimailStatus,
      ...(threadId !== undefined && { threadId }),
    };
  } catch (error) {
    const refused = await recordRefused(error, { intent, receipt }, world);
    if (refused !== undefined) return refused;
    // From here on it may have left. The intent stays open and is asked about, whatever went wrong.
    world.onUnknown(receipt);
    world.log.warn({ receipt, err: error }, "Nobody knows yet whether MultiMail took an email");
    await recordUnknown(error, intent, world);
    return { kind: "taken", receipt, status: "unconfirmed", decision };
  }
}

/**
 * Undefined when MultiMail may have the email after all, when another gateway took the intent over, which asks for itself
 * and may have more luck than this one had, or when the trail cannot say that it has not. Of a refusal and another's taking
 * over only the first counts, since both claim the same: so that what nobody refused in the end is asked for until it is known.
 */
async function recordRefused(
  error: unknown,
  { intent, receipt }: { readonly intent: WantingEntry<"intent">; readonly receipt: string },
  world: World,
): Promise<Failed | undefined> {
  if (!(error instanceof MultiMailError) || error.outcome !== "not_accepted") return undefined;
  const { code, message, recorded } = failureOf(error);
  const { retryAfterMs } = error;
  world.log.warn({ receipt, code: error.code, status: error.status }, "MultiMail refused an email");
  const now = world.clock();
  const refused = outcomeEntry(intent, now, { result: "refused", ...recorded });
  try {
    const appended = await world.trail.tryAppend({ ...refused, claims: [endClaim(receipt, "refused", now)] });
    if (!appended.ok) return undefined;
  } catch (lost) {
    return ignoreLostTrail(lost);
  }
  return { kind: "failed", receipt, code, message, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

async function recordUnknown(error: unknown, intent: WantingEntry<"intent">, world: World): Promise<void> {
  if (!(error instanceof MultiMailError)) return ignoreLostTrail(error);
  const { recorded } = failureOf(error);
  const entry = outcomeEntry(intent, world.clock(), { result: "unknown", ...recorded });
  // A refusal that came too late has given them back.
  const claims = intent.claims?.map((claim) => ({ ...claim, optional: true }) as const) ?? [];
  await world.trail.append({ ...entry, claims }).catch(ignoreLostTrail);
}

/** The durable intent is enough to find out later: a trail that cannot take the outcome now does not change the answer. */
function ignoreLostTrail(error: unknown): undefined {
  if (!(error instanceof TrailUnavailableError)) throw error;
}
