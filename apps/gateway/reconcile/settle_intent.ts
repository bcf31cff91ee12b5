import type { EmailAction } from "@countersign/core/action";
import { decide } from "@countersign/core/decision";
import type { PolicySet, TeamPolicy } from "@countersign/core/policy";
import { actionOfIntent, askerOfIntent, commitmentsOf, settledOutcome } from "@countersign/lifecycle";
import { type AcceptedEmail, MultiMailError } from "@countersign/multimail";
import type { Claim, StoredRecord } from "@countersign/trail";
import { type OutcomeEntryOptions, outcomeEntry } from "@countersign/trail";
import { gatherContext } from "../enforce/context/gather_context.ts";
import { deliver } from "../enforce/deliver.ts";
import { failureOf } from "../enforce/failure.ts";
import type { World } from "../enforce/world.ts";
import { claimsOfIntent } from "./claims_of_intent.ts";
import { findSentEmail, StaysOpen } from "./find_sent_email.ts";

/** MultiMail keeps idempotency keys for 24 h; an hour of it is kept clear of. */
const KEY_LIVES_MS = 23 * 60 * 60_000;

/** A request may still be on its way through MultiMail: so soon after one, not finding its email proves nothing. */
const SURELY_ARRIVED_MS = 2 * 60_000;

/** What became of an attempt to settle an intent. */
export type SettleResult =
  | { readonly settled: true }
  | {
      readonly settled: false;
      /** Why it stays open. */
      readonly why: string;
      /** For how long MultiMail wants to be left alone. */
      readonly retryAfterMs?: number;
      /** When MultiMail was asked for it and did not answer; epoch milliseconds. */
      readonly askedAt?: number;
    };

/**
 * Finds out what became of an intent without an outcome, and records it. While MultiMail still knows its idempotency
 * key and today's policy still lets the email leave, MultiMail is asked again with the *same* key, which sends it at
 * most once. Otherwise, and when MultiMail refuses, the mailbox's outbound email is looked through. What cannot be found
 * out stays open.
 *
 * @param askedAt when MultiMail was last asked for it and did not answer, if the trail does not know
 * @throws {TrailUnavailableError}
 */
export async function settleIntent(
  { record }: StoredRecord<"intent">,
  world: World,
  askedAt = 0,
): Promise<SettleResult> {
  const { data } = record;
  const policies = world.policies();
  const policy = policies.teams.get(record.team ?? "");
  const { receipt } = record;
  if (policy === undefined || receipt === null || policy.mailbox.id !== data.mailbox) {
    return { settled: false, why: `No policy in force has the mailbox that team "${record.team}" sent from` };
  }
  const records = await world.trail.recordsOf(receipt);
  // Since it was listed as open, the request itself or another gateway may have ended it; if it was refused, its caller
  // may have tried again.
  if (settledOutcome(records) !== undefined) return { settled: true };
  const values = await world.trail.unseal(commitmentsOf(data));
  const action = actionOfIntent(data, values);
  if (action === undefined)
    return { settled: false, why: "Its content was erased before its outcome was known" };
  const intent: OpenIntent = {
    policies,
    policy,
    assistant: record.assistant ?? "",
    receipt,
    action,
    asker: askerOfIntent(data, values),
    held: data.held,
    at: Date.parse(record.at),
    // Every request, and every gateway that took it over, left a record of it.
    askedAt: Math.max(askedAt, ...records.map(({ record: { at } }) => Date.parse(at))),
  };
  try {
    const found = await findOut(intent, world);
    const now = world.clock();
    const appended = await world.trail.tryAppend({
      ...outcomeEntry(record, now, found),
      ...(found.result === "accepted" && {
        claims: [...claimsOfEmail(found, receipt, now), ...claimsOfIntent(record, action, { values, now })],
      }),
    });
    if (!appended.ok) return { settled: false, why: "The email that looks like it is another intent's" };
    if (found.result === "accepted" && found.email) {
      const { send_at: sendAt } = data;
      world.onAccepted({
        policy,
        assistant: intent.assistant,
        receipt,
        emailId: found.email,
        ...(sendAt !== null && { sendAt }),
      });
    }
    return { settled: true };
  } catch (error) {
    if (error instanceof StaysOpen) return { settled: false, why: error.message };
    if (!(error instanceof MultiMailError)) throw error;
    const { message: why, retryAfterMs, outcome } = error;
    return {
      settled: false,
      why,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
      ...(outcome === "unknown" && { askedAt: world.clock() }),
    };
  }
}

interface OpenIntent {
  /** Those in force when the attempt began. */
  readonly policies: PolicySet;
  readonly policy: TeamPolicy;
  readonly assistant: string;
  readonly receipt: string;
  readonly action: EmailAction;
  /** Who asked for it, and whether the assistant's key came with that. */
  readonly asker: ReturnType<typeof askerOfIntent>;
  /** It was allowed because a person would see it first. */
  readonly held: boolean;
  /** Epoch milliseconds. */
  readonly at: number;
  /** When MultiMail may last have been asked for it; epoch milliseconds. */
  readonly askedAt: number;
}

/** One email is not two intents' outcome, however alike they are and whoever looks for them at the same time. */
function claimsOfEmail({ email }: OutcomeEntryOptions, receipt: string, now: number): readonly Claim[] {
  if (!email) return [];
  return [{ key: `email:${email}`, fingerprint: receipt, expiresAt: now + KEY_LIVES_MS }];
}

/**
 * @throws {StaysOpen} when it cannot be found out
 * @throws {MultiMailError} when MultiMail does not answer
 */
async function findOut(intent: OpenIntent, world: World): Promise<OutcomeEntryOptions> {
  const now = world.clock();
  const answer = now - intent.at < KEY_LIVES_MS ? await askAgain(intent, world) : undefined;
  if (answer !== undefined && !(answer instanceof MultiMailError)) {
    return {
      result: "accepted",
      learnt_by: "idempotency_key",
      email: answer.id,
      thread: answer.threadId ?? null,
      multimail_status: answer.status,
    };
  }
  const hasSurelyArrived = now - intent.askedAt >= SURELY_ARRIVED_MS;
  if (answer !== undefined && !hasSurelyArrived) throw answer;
  const found = await findSentEmail(intent, world);
  if (found !== undefined) {
    return {
      result: "accepted",
      learnt_by: "listing",
      email: found.id,
      thread: found.threadId ?? null,
      multimail_status: found.status,
    };
  }
  if (!hasSurelyArrived) throw new StaysOpen("It may still be on its way");
  const why = answer && failureOf(answer).recorded;
  const { message = "MultiMail does not have it, and it may not be sent any more", multimailText } =
    why ?? {};
  return { result: "refused", learnt_by: "listing", message, ...(multimailText && { multimailText }) };
}

/**
 * Undefined when today's policy or the live mailbox does not let the email leave: asking again may be what sends it. A
 * refusal says nothing of the first time: limits and keys are checked before idempotency keys are.
 */
async function askAgain(
  { policies, policy, assistant, receipt, action, asker, held, at }: OpenIntent,
  world: World,
): Promise<AcceptedEmail | MultiMailError | undefined> {
  const asked = { caller: { team: policy.team, assistant }, action, ...asker };
  const context = await gatherContext(policy, asked, world);
  // Then nobody can say whom it reaches, and so not whether it may leave.
  if (context.unshown !== undefined) throw context.unshown;
  // It was counted and compared when it was first judged.
  const decision = decide(policies, action, { ...context, askedAt: at, usage: [], recent: [] });
  if (decision.effect === "deny" || (held && !decision.held)) return undefined;
  const sendAt = decision.sendAt ?? action.draft.sendAt;
  try {
    world.failPoint?.("before_reask");
    const accepted = await deliver(world.clientFor(policy), policy, action, {
      idempotencyKey: receipt,
      ...(sendAt !== undefined && { sendAt }),
    });
    world.failPoint?.("after_reask");
    return accepted;
  } catch (error) {
    if (error instanceof MultiMailError && error.outcome === "not_accepted") return error;
    throw error;
  }
}
