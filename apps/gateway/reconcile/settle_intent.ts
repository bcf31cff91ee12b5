import { decide } from "@countersign/core/decision";
import { type AcceptedEmail, MultiMailError } from "@countersign/multimail";
import type { IntentData, StoredRecord } from "@countersign/trail";
import { append } from "../enforce/append.ts";
import { deliver } from "../enforce/deliver.ts";
import { gatherContext } from "../enforce/gather_context.ts";
import { type OutcomeEntryOptions, outcomeEntry } from "../enforce/outcome_entry.ts";
import type { World } from "../enforce/world.ts";
import { actionOfIntent, commitmentsOf } from "./action_of_intent.ts";
import { findSentEmail } from "./find_sent_email.ts";

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
  const policies = world.policies();
  const policy = policies.teams.get(record.team ?? "");
  if (policy === undefined || record.receipt === null || policy.mailbox.id !== data.mailbox) {
    return { settled: false, why: `No policy in force has the mailbox that team "${record.team}" sent from` };
  }
  const action = actionOfIntent(data, await world.trail.unseal(commitmentsOf(data)));
  if (action === undefined)
    return { settled: false, why: "Its content was erased before its outcome was known" };
  const client = world.clientFor(policy);
  const { receipt } = record;
  const close = async (options: OutcomeEntryOptions): Promise<SettleResult> => {
    await append(outcomeEntry(record, world.clock(), options), world);
    if (options.result === "accepted" && options.email) {
      world.onAccepted({ policy, assistant: record.assistant ?? "", receipt, emailId: options.email });
    }
    return { settled: true };
  };

  const at = Date.parse(record.at);
  let refusal: MultiMailError | undefined;
  try {
    if (world.clock() - at < KEY_LIVES_MS) {
      const caller = { team: policy.team, assistant: record.assistant ?? "" };
      const context = await gatherContext(policy, caller, action, world);
      const decision = decide(policies, action, { ...context, usage: [], recent: [] });
      if (decision.effect === "allow") {
        const answer = await askAgain();
        if (answer instanceof MultiMailError) refusal = answer;
        else {
          return await close({
            result: "accepted",
            learnt_by: "idempotency_key",
            email: answer.id,
            thread: answer.threadId ?? null,
            multimail_status: answer.status,
          });
        }
      }
    }
    if (world.clock() - at < SURELY_ARRIVED_MS) return open(refusal?.message ?? "It may still be on its way");
    const found = await findSentEmail(client, policy, { action, receipt, at });
    if (found !== undefined) {
      return await close({
        result: "accepted",
        learnt_by: "listing",
        email: found.id,
        thread: found.threadId ?? null,
        multimail_status: found.status,
      });
    }
    return await close({
      result: "refused",
      learnt_by: "listing",
      message: refusal?.message ?? "MultiMail does not have it, and it may not be sent any more",
    });
  } catch (error) {
    if (error instanceof MultiMailError) return open(error.message, error.retryAfterMs);
    if (error instanceof RangeError) return open(error.message);
    throw error;
  }

  function open(why: string, retryAfterMs = refusal?.retryAfterMs): SettleResult {
    return { settled: false, why, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  }

  /** A refusal now says nothing of the first time: limits and keys are checked before idempotency keys are. */
  async function askAgain(): Promise<AcceptedEmail | MultiMailError> {
    if (policy === undefined || action === undefined) throw new TypeError("Unreachable");
    try {
      return await deliver(client, policy, action, {
        idempotencyKey: receipt,
        ...(action.draft.sendAt !== undefined && { sendAt: action.draft.sendAt }),
      });
    } catch (error) {
      if (error instanceof MultiMailError && error.outcome === "not_accepted") return error;
      throw error;
    }
  }
}
