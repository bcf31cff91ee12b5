import { parseAddress } from "@countersign/core/address";
import { hoursOf, isOutsideHours, type JudgedRecipient } from "@countersign/core/decision";
import type { TeamPolicy } from "@countersign/core/policy";
import { appendOnce, deciderOf, type OnceEntry, settledOutcome } from "@countersign/lifecycle";
import { type Email, MultiMailError } from "@countersign/multimail";
import {
  type Commitment,
  isOf,
  type LifecycleData,
  type LifecycleEntryOptions,
  type LifecycleEvent,
  lifecycleEntry,
  type StoredRecord,
  type TrailRecord,
} from "@countersign/trail";
import type { World } from "../enforce/world.ts";
import { type ConsoleDecisionWorld, consoleDecision } from "./console_decision.ts";
import type { EmailTagger } from "./email_tagger.ts";
import { eventsOf, type Happened, phaseOf } from "./events_of.ts";
import { type ReadBackWorld, readBack } from "./read_back.ts";

/** What a look needs of the world. */
export type LookWorld = ReadBackWorld &
  Pick<World, "policies" | "clientFor" | "metrics"> &
  ConsoleDecisionWorld & { readonly tagger: Pick<EmailTagger, "add"> };

/** Why MultiMail is asked, and what it told already. */
export interface LookReason {
  readonly learntBy: LifecycleData["learnt_by"];
  /** What webhooks say has happened. */
  readonly told?: ReadonlySet<LifecycleEvent>;
  /** Not to ask at all when everything that was told is on record. */
  readonly onlyNews?: boolean;
  /** What the intent's commitments stand for, if that is known; absent: the trail is asked. */
  readonly values?: ReadonlyMap<Commitment, string>;
}

/** What a look found. */
export interface LookResult {
  /** Nothing more is to be expected: the email arrived, came back, or will never leave. */
  readonly final: boolean;
  /** MultiMail was asked, and said where it stands. */
  readonly asked: boolean;
  /** Why MultiMail could not be asked, or did not say. */
  readonly failed?: MultiMailError | "no_policy" | "no_email";
}

/** After these MultiMail has nothing to tell that it does not tell by itself. */
const FINAL: ReadonlySet<LifecycleEvent> = new Set([
  "delivered",
  "bounced",
  "complained",
  "rejected",
  "cancelled",
  "send_failed",
]);

/**
 * Asks MultiMail what became of a receipt's email, compares it with what was authorised, and records what is new. Each
 * event is recorded once, whoever tells it how often.
 *
 * @throws {TrailUnavailableError}
 */
export async function lookAtEmail(
  receipt: string,
  reason: LookReason,
  world: LookWorld,
): Promise<LookResult> {
  const records = await world.trail.recordsOf(receipt);
  const intent = records.find(isOf("intent"))?.record;
  const outcome = settledOutcome(records);
  if (intent === undefined || outcome?.result !== "accepted" || outcome.email === null) {
    return { final: false, asked: false, failed: "no_email" };
  }
  const known = knownEvents(records);
  if (reason.onlyNews && [...(reason.told ?? [])].every((event) => known.has(event))) {
    return { final: isFinal(known), asked: false };
  }
  const policy = world.policies().teams.get(intent.team ?? "");
  if (policy === undefined || policy.mailbox.id !== intent.data.mailbox) {
    return { final: false, asked: false, failed: "no_policy" };
  }
  let email: Email;
  try {
    email = await world.clientFor(policy).getEmail(policy.mailbox.id, outcome.email);
  } catch (error) {
    if (error instanceof MultiMailError) return { final: false, asked: false, failed: error };
    throw error;
  }
  world.tagger.add({ policy, email, assistant: intent.assistant ?? "", receipt });
  const events = eventsOf(email, reason.told);
  const phase = phaseOf(events);
  const isComparable = phase === "held" || phase === "left";
  const compared = isComparable
    ? await readBack({ policy, records, intent, email, phase, values: reason.values }, world)
    : undefined;
  const fresh = events.filter(({ event }) => !known.has(event));
  const final = events.some(({ event }) => FINAL.has(event));
  const news: { readonly details: Details; readonly once: OnceEntry }[] = [];
  for (const [index, happened] of fresh.entries()) {
    const details = await detailsOf(happened, { policy, records, intent, email, events }, world);
    const entry = lifecycleEntry(intent, world.clock(), {
      ...details,
      email: outcome.email,
      learnt_by: reason.learntBy,
      final: final && index === fresh.length - 1,
    });
    news.push({ details, once: { what: `${happened.event} of ${receipt}`, entry } });
  }
  // In one commit: what a look learns is on record as a whole, or looked for again.
  const learnt = [...(compared === undefined ? [] : [compared]), ...news.map(({ once }) => once)];
  const results = await appendOnce(learnt, world);
  for (const [index, { recorded }] of results.slice(learnt.length - news.length).entries()) {
    const details = news[index]?.details;
    if (recorded && details !== undefined) world.metrics.happened(details);
  }
  return { final, asked: true };
}

/** An email as MultiMail shows it, and what it was asked for as. */
interface LookedAt {
  readonly policy: TeamPolicy;
  readonly records: readonly StoredRecord[];
  readonly intent: TrailRecord<"intent">;
  readonly email: Email;
  readonly events: readonly Happened[];
}

type Details = Omit<LifecycleEntryOptions, "email" | "learnt_by" | "final">;

async function detailsOf({ event, at }: Happened, looked: LookedAt, world: LookWorld): Promise<Details> {
  const { status, bounceType } = looked.email;
  return {
    event,
    multimail_status: status,
    ...(at !== undefined && { happened_at: at }),
    ...((event === "approved" || event === "rejected") && (await decisionOf(event, looked, world))),
    ...(event === "bounced" && bounceType !== undefined && { bounce_type: bounceType }),
    ...(event === "sent" && (await leftOutsideHours(looked, world)) && { outside_hours: true }),
  };
}

/**
 * Who decided, and why: as the console signed it, or else as far as MultiMail says. Then somebody whom the policy does not name
 * raises an alarm, and so does one person where the policy wants several: MultiMail asks one only.
 */
async function decisionOf(
  event: "approved" | "rejected",
  { policy, records, intent, email }: LookedAt,
  world: LookWorld,
): Promise<Pick<Details, "by" | "reason" | "decided_by">> {
  const { id: emailId, approvedBy, rejectedBy, rejectionReason } = email;
  const by = event === "rejected" ? (rejectedBy ?? approvedBy) : approvedBy;
  const { ended, needed } = await consoleDecision(event, { records, emailId }, world);
  if (ended !== undefined) {
    const why = event === "rejected" ? (ended.reason ?? rejectionReason) : undefined;
    const who = ended.by ?? by;
    return {
      decided_by: "approver",
      ...(who !== undefined && { by: who }),
      ...(why !== undefined && { reason: why }),
    };
  }
  const isTooFew = event === "approved" && Math.max(policy.approval.needed, needed) > 1;
  const named = deciderOf(by, policy, by === undefined ? [] : await world.live.accountNames(policy));
  const decided_by = isTooFew ? "other" : named;
  // The alarm first: if the gateway dies in between, all is done again.
  if (decided_by === "other") {
    const receipt = intent.receipt ?? "";
    const key = named === "other" ? "approvers" : "approval.needed";
    await world.alarms.decidedByOther(policy, { receipt, event, key, ...(by !== undefined && { by }) });
  }
  return {
    decided_by,
    ...(by !== undefined && { by }),
    ...(event === "rejected" && rejectionReason !== undefined && { reason: rejectionReason }),
  };
}

/** Whether an email that was held left at a time at which the policy lets none leave: it was approved late. */
async function leftOutsideHours(
  { policy, intent, email, events }: LookedAt,
  { trail, clock }: LookWorld,
): Promise<boolean> {
  const data = intent.data;
  const wasHeld = data.held || events.some(({ event }) => event === "held");
  const assistant = policy.assistants.get(intent.assistant ?? "");
  if (hoursOf(policy, assistant) === undefined || !wasHeld) return false;
  const { deliveredAt, bouncedAt, approvedAt } = email;
  const left = deliveredAt ?? bouncedAt;
  const released = [approvedAt, data.send_at ?? undefined].filter((time) => time !== undefined);
  const at =
    left !== undefined
      ? Date.parse(left)
      : approvedAt !== undefined
        ? Math.max(...released.map((time) => Date.parse(time)))
        : clock();
  const values = await trail.unseal(data.recipients.map(({ address }) => address));
  const recipients = data.recipients.map(({ field, address }): JudgedRecipient => {
    const text = values.get(address) ?? "";
    return { field: field as JudgedRecipient["field"], text, parsed: parseAddress(text) };
  });
  return isOutsideHours(policy, { assistant, recipients, at });
}

function knownEvents(records: readonly StoredRecord[]): ReadonlySet<LifecycleEvent> {
  return new Set(
    records.flatMap(({ record }) =>
      record.kind === "lifecycle" && record.data.event !== "unknown" ? [record.data.event] : [],
    ),
  );
}

function isFinal(events: ReadonlySet<LifecycleEvent>): boolean {
  return [...events].some((event) => FINAL.has(event));
}
