import type { EmailAction } from "@countersign/core/action";
import { decide } from "@countersign/core/decision";
import type { TeamPolicy } from "@countersign/core/policy";
import { type AcceptedEmail, MultiMailError } from "@countersign/multimail";
import type { IntentData, StoredRecord } from "@countersign/trail";
import { append } from "../enforce/append.ts";
import { gatherContext } from "../enforce/context/gather_context.ts";
import { deliver } from "../enforce/deliver.ts";
import { type OutcomeEntryOptions, outcomeEntry } from "../enforce/outcome_entry.ts";
import type { World } from "../enforce/world.ts";
import { actionOfIntent, commitmentsOf } from "./action_of_intent.ts";
import { findSentEmail } from "./find_sent_email.ts";
import { StaysOpen } from "./stays_open.ts";

/** MultiMail keeps idempotency keys for 24 h; an hour of it is kept clear of. */
const KEY_LIVES_MS = 23 * 60 * 60_000;

/** A request may still be on its way through MultiMail: before this age, not finding its email proves nothing. */
const SURELY_ARRIVED_MS = 2 * 60_000;

/** What became of an attempt to settle an intent. */
export type SettleResult =
  | { readonly settled: true }
  /** Why it stays open, and how long MultiMail wants to be left alone. */
  | { readonly settled: false; readonly why: string; readonly retryAfterMs?: number };

/**
 * Finds out what became of an intent without an outcome, and records it. While MultiMail still knows its idempotency
 * key and today's policy still lets the email leave, MultiMail is asked again with the *same* key, which sends it at
 * most once. Otherwise, and when MultiMail refuses, the mailbox's outbound email is looked through. What cannot be found
 * out stays open.
 *
 * @throws {TrailUnavailableError}
 */
export async function settleIntent({ record }: StoredRecord, world: World): Promise<SettleResult> {
  const data = record.data as IntentData;
  const policy = world.policies().teams.get(record.team ?? "");
  const { receipt } = record;
  if (policy === undefined || receipt === null || policy.mailbox.id !== data.mailbox) {
    return { settled: false, why: `No policy in force has the mailbox that team "${record.team}" sent from` };
  }
  const action = actionOfIntent(data, await world.trail.unseal(commitmentsOf(data)));
  if (action === undefined)
    return { settled: false, why: "Its content was erased before its outcome was known" };
  const intent: OpenIntent = {
    policy,
    assistant: record.assistant ?? "",
    receipt,
    action,
    at: Date.parse(record.at),
  };
  try {
    const found = await findOut(intent, world);
    await append(outcomeEntry(record, world.clock(), found), world);
    if (found.result === "accepted" && found.email) {
      world.onAccepted({ policy, assistant: intent.assistant, receipt, emailId: found.email });
    }
    return { settled: true };
  } catch (error) {
    if (error instanceof StaysOpen) return { settled: false, why: error.message };
    if (!(error instanceof MultiMailError)) throw error;
    const { message: why, retryAfterMs } = error;
    return { settled: false, why, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  }
}

interface OpenIntent {
  readonly policy: TeamPolicy;
  readonly assistant: string;
  readonly receipt: string;
  readonly action: EmailAction;
  /** Epoch milliseconds. */
  readonly at: number;
}

/**
 * @throws {StaysOpen} when it cannot be found out
 * @throws {MultiMailError} when MultiMail does not answer
 */
async function findOut(intent: OpenIntent, world: World): Promise<OutcomeEntryOptions> {
  const age = world.clock() - intent.at;
  let refusal: MultiMailError | undefined;
  if (age < KEY_LIVES_MS && (await mayStillLeave(intent, world))) {
    const answer = await askAgain(intent, world);
    if (!(answer instanceof MultiMailError)) {
      return {
        result: "accepted",
        learnt_by: "idempotency_key",
        email: answer.id,
        thread: answer.threadId ?? null,
        multimail_status: answer.status,
      };
    }
    refusal = answer;
  }
  if (age < SURELY_ARRIVED_MS) throw refusal ?? new StaysOpen("It may still be on its way");
  const found = await findSentEmail(world.clientFor(intent.policy), intent.policy, intent);
  if (found === undefined) {
    const message = refusal?.message ?? "MultiMail does not have it, and it may not be sent any more";
    return { result: "refused", learnt_by: "listing", message };
  }
  return {
    result: "accepted",
    learnt_by: "listing",
    email: found.id,
    thread: found.threadId ?? null,
    multimail_status: found.status,
  };
}

/** Whether today's policy and the live mailbox let the email leave: asking again may be what sends it. */
async function mayStillLeave({ policy, assistant, action }: OpenIntent, world: World): Promise<boolean> {
  const caller = { team: policy.team, assistant };
  const context = await gatherContext(policy, caller, action, world);
  // It was counted and compared when it was first judged.
  return decide(world.policies(), action, { ...context, usage: [], recent: [] }).effect === "allow";
}

/** A refusal now says nothing of the first time: limits and keys are checked before idempotency keys are. */
async function askAgain(
  { policy, action, receipt }: OpenIntent,
  world: World,
): Promise<AcceptedEmail | MultiMailError> {
  const { sendAt } = action.draft;
  try {
    return await deliver(world.clientFor(policy), policy, action, {
      idempotencyKey: receipt,
      ...(sendAt !== undefined && { sendAt }),
    });
  } catch (error) {
    if (error instanceof MultiMailError && error.outcome === "not_accepted") return error;
    throw error;
  }
}
