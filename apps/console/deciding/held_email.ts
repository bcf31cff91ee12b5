import { parseAddress } from "@countersign/core/address";
import {
  approvalTimes,
  type Decider,
  delegationsOf,
  type GivenDecision,
  isSameAccount,
  type MayDecide,
  mayDecide,
  requiredApproval,
  type Tally,
  type TallyOptions,
  tally,
  type Verdict,
  type WrittenFor,
} from "@countersign/core/approval";
import type { ApprovalRequirement, Decision } from "@countersign/core/decision";
import type { PolicySet, TeamPolicy } from "@countersign/core/policy";
import {
  commitmentsOf,
  compareEmail,
  type EmailComparison,
  findingData,
  heldSince,
  type JudgingWorld,
  judgeWaitingEmail,
  readWaiting,
  signedApprovals,
  sinceLapse,
  type Waiting,
} from "@countersign/lifecycle";
import type { Email, MultiMailClient } from "@countersign/multimail";
import {
  askerOf,
  type Commitment,
  type IntentData,
  openAsker,
  type TrailRecord,
  type VerifierKey,
} from "@countersign/trail";
import { type Digests, digestContent, digestJudgement } from "./digests.ts";

/** What deciding needs of the world. */
export interface DecidingWorld extends JudgingWorld {
  readonly policies: () => PolicySet;
  /** MultiMail with a key that may decide on the team's email; undefined: there is none. */
  readonly clientFor: (policy: TeamPolicy) => MultiMailClient | undefined;
  /** Keys of consoles whose signed decisions count. */
  readonly keys: readonly VerifierKey[];
  /** Sign-ins by links stand for people: in the demo. */
  readonly demo?: boolean;
}

/** An email that waits for a person, with everything that a decision is made on, as it is right now. */
export interface HeldEmail {
  readonly waiting: Waiting;
  readonly policies: PolicySet;
  readonly policy: TeamPolicy;
  readonly client: MultiMailClient;
  /** As MultiMail shows it: without Bcc. */
  readonly email: Email;
  /** Values behind the intent's commitments; what was erased is absent. */
  readonly values: ReadonlyMap<Commitment, string>;
  /** How MultiMail's email compares with what is on record. */
  readonly comparison: EmailComparison;
  /** Judged again, now. */
  readonly decision: Decision;
  readonly requirements: readonly ApprovalRequirement[];
  readonly digests: Digests;
  /** Decisions that people made on it here, oldest first; approvals of less than is required or flagged now are left out. */
  readonly given: readonly GivenDecision[];
  /** The decision on record that ends its waiting, as soon as MultiMail is told; absent: there is none that still holds. */
  readonly decided?: TrailRecord<"approval">;
  readonly counting: TallyOptions;
  readonly tally: Tally;
  /** Since when it waits; epoch milliseconds. */
  readonly heldAt: number;
  /** When it expires; absent: never. */
  readonly expiresAt?: number;
}

/** Why an email cannot be decided on now. */
export type NotHeld =
  /** It left, was ended, or never came to MultiMail. */
  | { readonly reason: "gone" }
  /** MultiMail scans it. */
  | { readonly reason: "scanning" }
  | { readonly reason: "no_key" }
  /** It, its mailbox or its files could not be looked at or through now. */
  | { readonly reason: "unknown" };

/**
 * Reads an email that waits for a person from the trail and from MultiMail, and judges it again.
 *
 * @throws {TrailUnavailableError}
 * @throws {MultiMailError} when MultiMail does not show it
 */
export async function readHeldEmail(
  receipt: string,
  world: DecidingWorld,
): Promise<{ readonly ok: true; readonly held: HeldEmail } | ({ readonly ok: false } & NotHeld)> {
  const waiting = await readWaiting(receipt, world);
  const policies = world.policies();
  const policy = policies.teams.get(waiting?.intent.team ?? "");
  if (waiting === undefined || policy === undefined || policy.mailbox.id !== waiting.mailbox)
    return { ok: false, reason: "gone" };
  const client = world.clientFor(policy);
  if (client === undefined) return { ok: false, reason: "no_key" };
  const email = await client.getEmail(waiting.mailbox, waiting.emailId);
  if (email.status === "pending_scan") return { ok: false, reason: "scanning" };
  if (email.status !== "pending_send_approval") return { ok: false, reason: "gone" };
  const decision = await judgeWaitingEmail(waiting, { policies, held: true, email }, world);
  if (decision === undefined) return { ok: false, reason: "unknown" };
  return { ok: true, held: await assemble({ waiting, policies, policy, client, email, decision }, world) };
}

type Read = Pick<HeldEmail, "waiting" | "policies" | "policy" | "client" | "email" | "decision">;

async function assemble(read: Read, world: DecidingWorld): Promise<HeldEmail> {
  const { waiting, policies, policy, email, decision } = read;
  const { intent, data, records } = waiting;
  const now = world.clock();
  const values = await world.trail.unseal(commitmentsOf(data));
  const requirements = requiredApproval(policy, decision);
  const digests = {
    content: digestContent(data, { values, subject: email.subject }),
    judgement: digestJudgement({ decision, requirements, policy, policies }),
  };
  const heldAt = heldSince(waiting);
  const { expiresAt, escalatesAt } = approvalTimes(policy.approval, heldAt);
  const writtenFor = writtenForOf(data, values);
  const counting: TallyOptions = {
    delegates: delegationsOf(policies, policy.team),
    now,
    escalated: escalatesAt !== undefined && escalatesAt <= now,
    ...(writtenFor && { writtenFor }),
    ...(world.demo && { demo: true }),
  };
  const standing = signedApprovals(sinceLapse(records), world.keys).filter((approval) =>
    stands(approval, { digests, requirements, decision }),
  );
  const given = await givenBy(standing, world);
  const counted = tally(requirements, given, counting);
  const isComplete = counted.complete && decision.effect === "allow";
  const decided = standing.findLast(
    ({ data }) => data.completes && (data.decision !== "approve" || isComplete),
  );
  return {
    ...read,
    values,
    comparison: compareEmail({ intent: intent.data, values, mailbox: policy.mailbox }, email),
    requirements,
    digests,
    given,
    counting,
    ...(decided && { decided }),
    tally: counted,
    heldAt,
    ...(expiresAt !== undefined && { expiresAt }),
  };
}

/** Whether an approval still counts: of other content it does not, and of another judgement only while nothing has grown. */
function stands(
  { data }: TrailRecord<"approval">,
  { digests, requirements, decision }: Pick<HeldEmail, "digests" | "requirements" | "decision">,
): boolean {
  if (data.decision !== "approve") return true;
  if (data.content !== digests.content) return false;
  if (data.judgement === digests.judgement) return true;
  const known = new Map(data.required.map(({ class: name, needed }) => [name, needed]));
  const found = new Set(data.findings.map(findingKey));
  return (
    requirements.every(({ class: name, needed }) => needed <= (known.get(name ?? null) ?? 0)) &&
    decision.findings
      .filter(({ effect }) => effect !== "note")
      .every((finding) => found.has(findingKey(findingData(finding))))
  );
}

/** What a finding is about, without places in files, which move. */
function findingKey({ rule, effect, message, detail, about }: ReturnType<typeof findingData>): string {
  return JSON.stringify([
    rule,
    effect,
    message,
    rule.startsWith("content.") ? detail : null,
    [...about].sort(),
  ]);
}

const VERDICTS: Readonly<Record<TrailRecord<"approval">["data"]["decision"], Verdict>> = {
  approve: "approve",
  reject: "reject",
  ask_for_changes: "changes",
};

/** Decisions on record, with who made them; of whoever was erased nobody knows, and they count for nothing. */
export async function givenBy(
  approvals: readonly TrailRecord<"approval">[],
  { trail }: DecidingWorld,
): Promise<readonly GivenDecision[]> {
  const values = await trail.unseal(approvals.flatMap(({ data: { by, identity } }) => [by, identity]));
  return approvals.flatMap(({ at, data: { decision, by, identity, auth } }) => {
    const account = parseIdentity(values.get(identity));
    const address = values.get(by);
    if (account === undefined || address === undefined) return [];
    return [{ verdict: VERDICTS[decision], by: { ...account, address, auth }, at: Date.parse(at) }];
  });
}

/** Who somebody is at their issuer, as an approval's `identity` says; undefined: it was erased. */
export function parseIdentity(text = "null"): Pick<Decider, "issuer" | "subject"> | undefined {
  const value: unknown = JSON.parse(text);
  if (!Array.isArray(value)) return undefined;
  const [issuer, subject] = value;
  return typeof issuer === "string" && typeof subject === "string" ? { issuer, subject } : undefined;
}

/** For whom an assistant wrote it: whoever asked it, if they signed in and are not erased from `values`. */
export function writtenForOf(
  data: IntentData,
  values: ReadonlyMap<Commitment, string>,
): WrittenFor | undefined {
  const opened = openAsker(askerOf(data), values);
  if (opened === undefined) return undefined;
  const { issuer, subject, address } = opened;
  const parsed = parseAddress(address ?? "");
  return { issuer, subject, ...(parsed.ok && { address: parsed.address.key }) };
}

/** Whether a person may decide on it now, and if not, why. */
export function mayDecideOn({ requirements, counting }: HeldEmail, person: Decider): MayDecide {
  return mayDecide(person, requirements, counting);
}

/** Whether a person has approved it already, in their own account. */
export function hasApproved({ given }: HeldEmail, person: Decider): boolean {
  return given.some(({ verdict, by }) => verdict === "approve" && isSameAccount(by, person));
}
