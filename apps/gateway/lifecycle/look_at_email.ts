import { type Email, MultiMailError } from "@countersign/multimail";
import type { IntentData, LifecycleData, LifecycleEvent, StoredRecord } from "@countersign/trail";
import { appendOnce } from "../enforce/append_once.ts";
import { settledOutcome } from "../enforce/settled_outcome.ts";
import type { World } from "../enforce/world.ts";
import { eventsOf, type Happened, phaseOf } from "./events_of.ts";
import { lifecycleEntry } from "./lifecycle_entry.ts";
import { type ReadBackWorld, readBack } from "./read_back.ts";

/** What a look needs of the world. */
export type LookWorld = ReadBackWorld & Pick<World, "policies" | "clientFor">;

/** Why MultiMail is asked, and what it told already. */
export interface LookReason {
  readonly learntBy: LifecycleData["learnt_by"];
  /** What webhooks say has happened. */
  readonly told?: ReadonlySet<LifecycleEvent>;
  /** Not to ask at all when everything that was told is on record. */
  readonly onlyNews?: boolean;
}

/** What a look found. */
export interface LookResult {
  /** Nothing more is to be expected: the email arrived, came back, or will never leave. */
  readonly final: boolean;
  /** Why MultiMail was not asked, or did not say; absent: it did. */
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
  const intent = records.find(({ record }) => record.kind === "intent")?.record;
  const outcome = settledOutcome(records);
  if (intent === undefined || outcome?.result !== "accepted" || outcome.email === null) {
    return { final: false, failed: "no_email" };
  }
  const known = knownEvents(records);
  if (reason.onlyNews && [...(reason.told ?? [])].every((event) => known.has(event))) {
    return { final: isFinal(known) };
  }
  const policy = world.policies().teams.get(intent.team ?? "");
  if (policy === undefined || policy.mailbox.id !== (intent.data as IntentData).mailbox) {
    return { final: false, failed: "no_policy" };
  }
  let email: Email;
  try {
    email = await world.clientFor(policy).getEmail(policy.mailbox.id, outcome.email);
  } catch (error) {
    if (error instanceof MultiMailError) return { final: false, failed: error };
    throw error;
  }
  const events = eventsOf(email, reason.told);
  const phase = phaseOf(events);
  if (phase === "held" || phase === "left") {
    await readBack({ policy, records, intent, email, phase }, world);
  }
  const fresh = events.filter(({ event }) => !known.has(event));
  const final = events.some(({ event }) => FINAL.has(event));
  for (const [index, happened] of fresh.entries()) {
    await appendOnce(
      `${happened.event} of ${receipt}`,
      lifecycleEntry(intent, world.clock(), {
        ...detailsOf(happened, email),
        email: outcome.email,
        learnt_by: reason.learntBy,
        // With the last one: what comes before it must not be lost if the gateway dies in between.
        final: final && index === fresh.length - 1,
      }),
      world,
    );
  }
  return { final };
}

function detailsOf({ event, at }: Happened, { status, approvedBy, bounceType }: Email) {
  const isDecision = event === "approved" || event === "rejected";
  return {
    event,
    multimail_status: status,
    ...(at !== undefined && { happened_at: at }),
    ...(isDecision && approvedBy !== undefined && { by: approvedBy }),
    ...(event === "bounced" && bounceType !== undefined && { bounce_type: bounceType }),
  };
}

function knownEvents(records: readonly StoredRecord[]): ReadonlySet<LifecycleEvent> {
  return new Set(
    records.flatMap(({ record }) =>
      record.kind === "lifecycle" ? [(record.data as LifecycleData).event] : [],
    ),
  );
}

function isFinal(events: ReadonlySet<LifecycleEvent>): boolean {
  return [...events].some((event) => FINAL.has(event));
}
