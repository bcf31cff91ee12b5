import { createHash, randomUUID } from "node:crypto";
import type { Decider, GivenDecision, Verdict } from "@countersign/core/approval";
import { tally } from "@countersign/core/approval";
import { type Finding, hoursOf, isOutsideHours, nextOpening } from "@countersign/core/decision";
import { formatWhere, type TeamPolicy } from "@countersign/core/policy";
import { appendOnce, findingData } from "@countersign/lifecycle";
import { MultiMailError } from "@countersign/multimail";
import {
  type ApprovalData,
  type ApprovalSigner,
  approvalEntry,
  driftEntry,
  type WantingEntry,
} from "@countersign/trail";
import type { Logger } from "pino";
import { type CarryOutWorld, carryOut } from "./carry_out.ts";
import {
  type DecidingWorld,
  type HeldEmail,
  hasApproved,
  mayDecideOn,
  type NotHeld,
  readHeldEmail,
} from "./held_email.ts";

/** What a person decides on an email, and what they were shown when they did. */
export interface DecisionRequest {
  readonly receipt: string;
  readonly verdict: Verdict;
  readonly person: Decider;
  /** Digests of what was shown: SHA-256, hexadecimal. */
  readonly content: string;
  readonly judgement: string;
  readonly reason?: string;
}

/** What became of a decision. Only of `decided` something is on record. */
export type Decided =
  | {
      readonly kind: "decided";
      readonly verdict: Verdict;
      /**
       * `carried_out`: MultiMail did it. `under_way`: MultiMail has not said yet that it did; the console sees to it.
       * `waits_for_others`: more people must approve. `kept`: MultiMail is told when the hours open, at `due`.
       */
      readonly progress: "carried_out" | "under_way" | "waits_for_others" | "kept";
      /** Epoch milliseconds. */
      readonly due?: number;
    }
  /** The person may not, or something is missing; in a sentence for them. */
  | { readonly kind: "refused"; readonly why: string }
  /** What they were shown is not so any more: it must be looked at anew. */
  | { readonly kind: "changed"; readonly what: "content" | "judgement" }
  /** The policy does not allow the email any more. */
  | { readonly kind: "denied"; readonly findings: readonly Finding[] }
  /** At MultiMail it is not what is on record: it is stopped, and nobody can approve it. */
  | { readonly kind: "differs"; readonly differences: readonly string[] }
  /**
   * Somebody else, or the gateway, ends its waiting right now. `until`: it is what an earlier decision took that was not carried
   * out, and it is given back then; epoch milliseconds.
   */
  | { readonly kind: "taken"; readonly until?: number }
  | ({ readonly kind: "not_held" } & NotHeld);

/** What deciding needs besides. */
export interface DecideWorld extends DecidingWorld, CarryOutWorld {
  readonly signer: ApprovalSigner;
  readonly log: Logger;
}

/**
 * Nobody else ends the email's waiting for so long, in milliseconds: whoever decided is done by then, or dead. What lapsed can be decided
 * on anew only after it.
 */
export const DECIDE_MS: number = 2 * 60_000;

/** Two who decide in the same moment are put in order: the second looks again. */
const TRIES = 5;

/** At most so much of a reason: MultiMail and the record bound it too. */
export const MAX_REASON = 1_000;

/**
 * Decides on an email that waits: it is read and judged again, compared with what the person was shown, and their right
 * looked up; then the decision becomes durable, MultiMail is told if nothing more is required, and what it answers becomes
 * durable.
 *
 * @throws {TrailUnavailableError}
 */
export async function decideEmail(request: DecisionRequest, world: DecideWorld): Promise<Decided> {
  for (let n = 0; n < TRIES; n++) {
    const decided = await decideOnce(request, world);
    if (decided !== "again") return decided;
  }
  return { kind: "taken" };
}

async function decideOnce(request: DecisionRequest, world: DecideWorld): Promise<Decided | "again"> {
  try {
    const read = await readHeldEmail(request.receipt, world);
    if (!read.ok) return { kind: "not_held", reason: read.reason };
    const { held } = read;
    const hindrance = hindranceOf(request, held) ?? (await differenceOf(request, held, world));
    if (hindrance !== undefined) return hindrance;
    return await record(request, held, world);
  } catch (error) {
    if (!(error instanceof MultiMailError)) throw error;
    world.log.warn(
      { receipt: request.receipt, code: error.code },
      "MultiMail does not show an email to decide on",
    );
    return { kind: "not_held", reason: "unknown" };
  }
}

/** What a decision is refused with that does not say why, though the policy wants it to; undefined: it may stand. */
export function missingReason(
  { verdict, reason }: Required<Pick<DecisionRequest, "verdict" | "reason">>,
  { approval: { reason: wanted, where } }: Pick<TeamPolicy, "approval">,
): Decided | undefined {
  const isWanted = wanted === "always" || (wanted === "reject" && verdict !== "approve");
  if (!isWanted || reason.trim() !== "") return undefined;
  return { kind: "refused", why: `Say why: the policy wants a reason (${formatWhere(where)})` };
}

/** What keeps this person from deciding so on this email; undefined: nothing. */
function hindranceOf(
  { verdict, person, content, judgement, reason = "" }: DecisionRequest,
  held: HeldEmail,
): Decided | undefined {
  const may = mayDecideOn(held, person);
  if (!may.ok) return { kind: "refused", why: may.why };
  if (verdict === "approve" && may.countsFor.length === 0)
    return { kind: "refused", why: may.why ?? "Your approval would count for nothing" };
  const missing = missingReason({ verdict, reason }, held.policy);
  if (missing !== undefined) return missing;
  // What is rejected need not be what was shown: nothing leaves by it.
  if (verdict !== "approve") return undefined;
  if (held.digests.content !== content) return { kind: "changed", what: "content" };
  if (held.decision.effect === "deny")
    return { kind: "denied", findings: held.decision.findings.filter(({ effect }) => effect === "deny") };
  if (held.digests.judgement !== judgement) return { kind: "changed", what: "judgement" };
  if (hasApproved(held, person))
    return { kind: "refused", why: "You have approved it already; it waits for others" };
  return undefined;
}

/** How what MultiMail holds differs from what is on record, files included: then the mailbox is stopped, and it cannot be approved. */
export async function differenceOf(
  { verdict, receipt }: Pick<DecisionRequest, "verdict" | "receipt">,
  held: HeldEmail,
  world: DecideWorld,
): Promise<Decided | undefined> {
  if (verdict !== "approve") return undefined;
  const differences = [...held.comparison.differences];
  if (!differences.includes("attachments") && !(await hasSameFiles(held))) differences.push("attachments");
  if (differences.length === 0) return undefined;
  const { policy, policies } = held;
  const stopped = {
    result: "stopped",
    mailbox: policy.mailbox.id,
    settings: differences,
    because: receipt,
  } as const;
  const frame = { at: world.clock(), team: policy.team, receipt, policy: policies.hash };
  await appendOnce([{ what: `console stop of ${receipt}`, entry: driftEntry(stopped, frame) }], world);
  world.log.error(
    { receipt, team: policy.team, differences },
    "An email that waits is not what was authorised: nobody can approve it, and its mailbox is stopped",
  );
  return { kind: "differs", differences };
}

/** Fetches the files; one that MultiMail only has a link to is not fetched, and compared by name and size only. */
async function hasSameFiles({ waiting, client, values }: HeldEmail): Promise<boolean> {
  for (const { name, content } of waiting.data.attachments) {
    const [title, base64] = [values.get(name), values.get(content)];
    if (title === undefined || base64 === undefined) return false;
    const file = await client.getAttachment(waiting.mailbox, waiting.emailId, title);
    if (file.kind === "bytes" && sha256(file.bytes) !== sha256(Buffer.from(base64, "base64"))) return false;
  }
  return true;
}

async function record(
  request: DecisionRequest,
  held: HeldEmail,
  world: DecideWorld,
): Promise<Decided | "again"> {
  const { verdict, person, reason, receipt } = request;
  const { waiting, requirements, decision } = held;
  const now = world.clock();
  const mine: GivenDecision = { verdict, by: person, at: now };
  const after = tally(requirements, [...held.given, mine], held.counting);
  const completes = verdict !== "approve" || after.complete;
  const due = completes && verdict === "approve" ? openingAfter(held, now) : undefined;
  const may = mayDecideOn(held, person);
  const entry = approvalEntry(
    {
      decision: DECISIONS[verdict],
      email: waiting.emailId,
      mailbox: waiting.mailbox,
      by: person.address,
      identity: person,
      ...(may.ok && may.insteadOf && { standsFor: may.insteadOf.address }),
      auth: person.auth,
      ...held.digests,
      required: requirements.map(({ class: name, needed }) => ({ class: name ?? null, needed })),
      findings: decision.findings.map((finding) => findingData(finding)),
      counts: verdict === "approve" ? countsOf(after.requirements, mine) : [],
      completes,
      due: due === undefined ? null : new Date(due).toISOString(),
      ...(reason !== undefined && reason.trim() !== "" && { reason: reason.trim().slice(0, MAX_REASON) }),
    },
    { ...waiting.intent, at: now, policy: held.policies.hash },
    world.signer,
  );
  const appended = await world.trail.tryAppend({
    ...entry,
    claims: claimsOf({ held, verdict, now, ends: completes && due === undefined }),
  });
  if (!appended.ok) {
    const isDecided = appended.reason === "claimed" && appended.claim.key === decideKey(receipt);
    return isDecided ? takenAt(now, held.waiting.records) : "again";
  }
  world.failPoint?.("after_approval");
  if (!completes) return { kind: "decided", verdict, progress: "waits_for_others" };
  if (due !== undefined) return { kind: "decided", verdict, progress: "kept", due };
  const order = {
    waiting,
    client: held.client,
    verdict,
    by: person.address,
    ...(reason !== undefined && { reason }),
  };
  return {
    kind: "decided",
    verdict,
    progress: (await carryOut(order, world)) === "done" ? "carried_out" : "under_way",
  };
}

const DECISIONS: Readonly<Record<Verdict, ApprovalData["decision"]>> = {
  approve: "approve",
  reject: "reject",
  changes: "ask_for_changes",
};

/** What an approval counts for. */
export function countsOf(
  requirements: ReturnType<typeof tally>["requirements"],
  mine: GivenDecision,
): ApprovalData["counts"] {
  return requirements
    .filter(({ counted }) => counted.some(({ decision }) => decision === mine))
    .map(({ requirement: { needed, where }, counted }) => ({
      where: formatWhere(where),
      number: counted.length,
      needed,
    }));
}

/** When the hours open in which the email may leave; undefined: it may leave now, or leaves later anyway. */
function openingAfter({ waiting, policy, decision }: HeldEmail, now: number): number | undefined {
  const { send_at } = waiting.data;
  if (send_at !== null && Date.parse(send_at) > now) return undefined;
  const assistant = policy.assistants.get(waiting.intent.assistant ?? "");
  if (!isOutsideHours(policy, { assistant, recipients: decision.recipients, at: now })) return undefined;
  const hours = hoursOf(policy, assistant);
  return hours && nextOpening(hours, now);
}

/** The right to end an email's waiting: nobody else does at the same time. */
export function decideKey(receipt: string): string {
  return `decide:${receipt}`;
}

/** That an email is taken, and until when if it is by a decision that lapsed before it was carried out. */
function takenAt(now: number, records: HeldEmail["waiting"]["records"]): Decided {
  const isTaking = ({ record }: (typeof records)[number]) =>
    record.kind === "approval"
      ? record.data.completes && record.data.due === null
      : record.kind === "lifecycle" && record.data.event === "released";
  const last = records.findLast(isTaking);
  const hasLapsed = records.some(
    ({ record }) =>
      record.kind === "lifecycle" && record.data.event === "lapsed" && record.seq > (last?.record.seq ?? 0),
  );
  const until = Date.parse(last?.record.at ?? "") + DECIDE_MS;
  return hasLapsed && until > now ? { kind: "taken", until } : { kind: "taken" };
}

/** A decision that claims the right to be the next. */
export interface Claiming {
  readonly held: { readonly waiting: Pick<HeldEmail["waiting"], "receipt" | "records"> };
  readonly verdict: Verdict;
  readonly now: number;
  /** MultiMail is told now. */
  readonly ends: boolean;
}

/** The next decision on this email is one person's, and the last one ends its waiting. */
export function claimsOf({
  held: { waiting },
  verdict,
  now,
  ends,
}: Claiming): WantingEntry["claims"] & object {
  const { receipt, records } = waiting;
  const count = records.filter(({ record: { kind } }) => kind === "approval").length;
  const claim = (key: string) => ({
    key,
    fingerprint: `${verdict} ${randomUUID()}`,
    expiresAt: now + DECIDE_MS,
  });
  return [claim(`approval:${receipt}:${count}`), ...(ends ? [claim(decideKey(receipt))] : [])];
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
