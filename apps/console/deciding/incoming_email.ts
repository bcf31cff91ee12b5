import {
  approvalTimes,
  type Decider,
  delegationsOf,
  type GivenDecision,
  type MayDecide,
  mayDecide,
  type Tally,
  type TallyOptions,
  tally,
} from "@countersign/core/approval";
import { type ApprovalRequirement, requirementOfAll } from "@countersign/core/decision";
import type { PolicySet, TeamPolicy } from "@countersign/core/policy";
import { incomingReceipt, PENDING_INCOMING, signedApprovals } from "@countersign/lifecycle";
import type { MultiMailClient, PendingEmail } from "@countersign/multimail";
import type { StoredRecord, TrailRecord } from "@countersign/trail";
import { type Digests, digestIncoming, digestJudgement } from "./digests.ts";
import { type DecidingWorld, givenBy, type NotHeld } from "./held_email.ts";

/** A received email that no assistant sees before a person releases it, with what that is decided on, as it is right now. */
export interface IncomingEmail {
  /** What the trail calls it. */
  readonly receipt: string;
  readonly policies: PolicySet;
  readonly policy: TeamPolicy;
  readonly client: MultiMailClient;
  /** As MultiMail shows it to whoever decides: without Cc and files. */
  readonly email: PendingEmail;
  readonly records: readonly StoredRecord[];
  readonly requirements: readonly ApprovalRequirement[];
  readonly digests: Digests;
  /** Decisions that people made on it here, oldest first. */
  readonly given: readonly GivenDecision[];
  readonly counting: TallyOptions;
  readonly tally: Tally;
}

/** Which email of which team. */
export interface IncomingName {
  readonly team: string;
  /** MultiMail's id. */
  readonly emailId: string;
}

/**
 * Reads a received email that waits for a person. It is read from MultiMail's list of what waits: to ask for it by its id would
 * mark it as read for assistants.
 *
 * @throws {TrailUnavailableError}
 * @throws {MultiMailError} when MultiMail does not show what waits
 */
export async function readIncomingEmail(
  { team, emailId }: IncomingName,
  world: DecidingWorld,
): Promise<{ readonly ok: true; readonly incoming: IncomingEmail } | ({ readonly ok: false } & NotHeld)> {
  const policies = world.policies();
  const policy = policies.teams.get(team);
  if (policy === undefined) return { ok: false, reason: "gone" };
  const client = world.clientFor(policy);
  if (client === undefined) return { ok: false, reason: "no_key" };
  const email = (await client.listPending()).find(
    ({ id, mailboxId, status }) =>
      id === emailId && mailboxId === policy.mailbox.id && status === PENDING_INCOMING,
  );
  if (email === undefined) return { ok: false, reason: "gone" };
  const receipt = incomingReceipt(emailId);
  const records = await world.trail.recordsOf(receipt);
  const requirements = [requirementOfAll(policy)];
  const decision = {
    effect: "allow",
    held: true,
    findings: [],
    recipients: [],
    policy: policies.hash,
  } as const;
  const digests = {
    content: digestIncoming(email),
    judgement: digestJudgement({ decision, requirements, policy, policies }),
  };
  const now = world.clock();
  const { escalatesAt } = approvalTimes(policy.approval, Date.parse(email.receivedAt ?? ""));
  const counting: TallyOptions = {
    delegates: delegationsOf(policies, policy.team),
    now,
    escalated: escalatesAt !== undefined && escalatesAt <= now,
    ...(world.demo && { demo: true }),
  };
  const standing = signedApprovals(records, world.keys).filter((approval) =>
    stands(approval, { digests, requirements }),
  );
  const given = await givenBy(standing, world);
  const found = { receipt, policies, policy, client, email, records, requirements, digests, given, counting };
  return { ok: true, incoming: { ...found, tally: tally(requirements, given, counting) } };
}

/** Of other content an approval does not count any more, and where more people are wanted now, neither. */
function stands(
  { data }: TrailRecord<"approval">,
  { digests, requirements }: Pick<IncomingEmail, "digests" | "requirements">,
): boolean {
  if (data.incoming !== true) return false;
  if (data.decision !== "approve") return true;
  const wanted = Math.max(...requirements.map(({ needed }) => needed));
  return (
    data.content === digests.content && wanted <= Math.max(0, ...data.required.map(({ needed }) => needed))
  );
}

/** Whether a person may decide on it now, and if not, why. */
export function mayDecideOnIncoming(
  { requirements, counting }: Pick<IncomingEmail, "requirements" | "counting">,
  person: Decider,
): MayDecide {
  return mayDecide(person, requirements, counting);
}
