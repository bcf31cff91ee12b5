import { type Decider, type GivenDecision, isSameAccount, tally } from "@countersign/core/approval";
import { MultiMailError } from "@countersign/multimail";
import { approvalEntry } from "@countersign/trail";
import { carryOut } from "./carry_out.ts";
import {
  claimsOf,
  countsOf,
  type Decided,
  type DecideWorld,
  decideKey,
  MAX_REASON,
  missingReason,
} from "./decide_email.ts";
import {
  type IncomingEmail,
  type IncomingName,
  mayDecideOnIncoming,
  readIncomingEmail,
} from "./incoming_email.ts";

/** What a person decides on a received email, and what they were shown when they did. */
export interface IncomingRequest extends IncomingName {
  readonly verdict: "approve" | "reject";
  readonly person: Decider;
  /** Digests of what was shown: SHA-256, hexadecimal. */
  readonly content: string;
  readonly judgement: string;
  readonly reason?: string;
}

/** Two who decide in the same moment are put in order: the second looks again. */
const TRIES = 5;

/**
 * Decides on a received email that waits, as `decideEmail` does on one that an assistant wrote: it is read again and compared
 * with what the person was shown, and their right looked up; then the decision becomes durable, MultiMail is told if nothing
 * more is required, and what it answers becomes durable. To release it is to approve it.
 *
 * @throws {TrailUnavailableError}
 */
export async function decideIncoming(request: IncomingRequest, world: DecideWorld): Promise<Decided> {
  for (let n = 0; n < TRIES; n++) {
    const decided = await decideOnce(request, world);
    if (decided !== "again") return decided;
  }
  return { kind: "taken" };
}

async function decideOnce(request: IncomingRequest, world: DecideWorld): Promise<Decided | "again"> {
  try {
    const read = await readIncomingEmail(request, world);
    if (!read.ok) return { kind: "not_held", reason: read.reason };
    return hindranceOf(request, read.incoming) ?? (await record(request, read.incoming, world));
  } catch (error) {
    if (!(error instanceof MultiMailError)) throw error;
    const { emailId: email } = request;
    world.log.warn({ email, code: error.code }, "MultiMail does not show a received email to decide on");
    return { kind: "not_held", reason: "unknown" };
  }
}

/** What keeps this person from deciding so on this email; undefined: nothing. */
function hindranceOf(
  { verdict, person, content, judgement, reason = "" }: IncomingRequest,
  incoming: IncomingEmail,
): Decided | undefined {
  const may = mayDecideOnIncoming(incoming, person);
  if (!may.ok) return { kind: "refused", why: may.why };
  if (verdict === "approve" && may.countsFor.length === 0)
    return { kind: "refused", why: may.why ?? "Your approval would count for nothing" };
  const missing = missingReason({ verdict, reason }, incoming.policy);
  if (missing !== undefined) return missing;
  if (verdict === "reject") return undefined;
  if (incoming.digests.content !== content) return { kind: "changed", what: "content" };
  if (incoming.digests.judgement !== judgement) return { kind: "changed", what: "judgement" };
  if (incoming.given.some(({ verdict: said, by }) => said === "approve" && isSameAccount(by, person)))
    return { kind: "refused", why: "You have released it already; it waits for others" };
  return undefined;
}

async function record(
  { verdict, person, reason = "" }: IncomingRequest,
  incoming: IncomingEmail,
  world: DecideWorld,
): Promise<Decided | "again"> {
  const { receipt, policy, policies, client, email, records, requirements } = incoming;
  const now = world.clock();
  const mine: GivenDecision = { verdict, by: person, at: now };
  const after = tally(requirements, [...incoming.given, mine], incoming.counting);
  const completes = verdict === "reject" || after.complete;
  const may = mayDecideOnIncoming(incoming, person);
  const frame = { team: policy.team, assistant: null, receipt, policy: policies.hash };
  const said = reason.trim().slice(0, MAX_REASON);
  const entry = approvalEntry(
    {
      ...{
        decision: verdict,
        email: email.id,
        mailbox: email.mailboxId,
        by: person.address,
        identity: person,
      },
      ...(may.ok && may.insteadOf && { standsFor: may.insteadOf.address }),
      auth: person.auth,
      ...incoming.digests,
      required: requirements.map(({ needed }) => ({ class: null, needed })),
      findings: [],
      counts: verdict === "approve" ? countsOf(after.requirements, mine) : [],
      ...{ completes, due: null, incoming: true },
      ...(said !== "" && { reason: said }),
    },
    { ...frame, at: now },
    world.signer,
  );
  const claims = claimsOf({ held: { waiting: { receipt, records } }, verdict, now, ends: completes });
  const appended = await world.trail.tryAppend({ ...entry, claims });
  if (!appended.ok) {
    const isDecided = appended.reason === "claimed" && appended.claim.key === decideKey(receipt);
    return isDecided ? { kind: "taken" } : "again";
  }
  world.failPoint?.("after_approval");
  if (!completes) return { kind: "decided", verdict, progress: "waits_for_others" };
  const order = {
    waiting: { receipt, emailId: email.id, mailbox: email.mailboxId, intent: frame },
    ...{ client, verdict, by: person.address, isIncoming: true as const },
    ...(said !== "" && { reason: said }),
  };
  const isDone = (await carryOut(order, world)) === "done";
  return { kind: "decided", verdict, progress: isDone ? "carried_out" : "under_way" };
}
