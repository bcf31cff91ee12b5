import { parseAddress } from "@countersign/core/address";
import {
  approvalTimes,
  delegationsOf,
  isSameAccount,
  mayDecide,
  type WrittenFor,
} from "@countersign/core/approval";
import { isInternal, requirementOfAll } from "@countersign/core/decision";
import type { PolicySet, TeamPolicy } from "@countersign/core/policy";
import { signedApprovals } from "@countersign/lifecycle";
import { askerCommitments, askerOf, type Commitment, type TrailRecord } from "@countersign/trail";
import type { ConsoleWorld } from "../console_world.ts";
import { parseIdentity, writtenForOf } from "../deciding/held_email.ts";
import type { Session } from "../store/console_store.ts";
import type { WaitingEmail } from "../waiting/waiting_emails.ts";

/** What the queue shows of an email that waits. */
export interface QueueRow {
  readonly email: WaitingEmail;
  /** Undefined: it was erased, or only MultiMail knows it. */
  readonly subject: string | undefined;
  readonly recipients: readonly { readonly address: string; readonly isInside: boolean }[];
  /** Names of the rules that want a person to see it; none: the team's mailbox holds all. */
  readonly rules: readonly string[];
  /** How many people approved, of how many as far as is known without judging it again. */
  readonly approved: number;
  readonly needed: number | undefined;
  /** MultiMail is told then, since all who must have approved; epoch milliseconds. */
  readonly keptUntil?: number;
  /** Everybody who must has decided, and MultiMail has not confirmed it yet. */
  readonly isUnderWay: boolean;
  /** Epoch milliseconds; absent: it never expires. */
  readonly expiresAt?: number;
  /** Why this person cannot decide on it; absent: they can, as far as is known without judging it again. */
  readonly whyNot?: string;
}

/**
 * What the queue shows of some email that waits: only this is unsealed.
 *
 * @throws {TrailUnavailableError}
 */
export async function queueRows(
  emails: readonly WaitingEmail[],
  session: Session,
  { trail, policies, deciding, clock }: ConsoleWorld,
): Promise<readonly QueueRow[]> {
  const signed = emails.map(({ approvals }) =>
    signedApprovals(
      approvals.map((record) => ({ record })),
      deciding.world.keys,
    ),
  );
  const values = await trail.unseal([
    ...emails.flatMap(({ data }) => namedIn(data)),
    ...signed.flat().map(({ data }) => data.identity),
  ]);
  const now = clock();
  return emails.flatMap((email, index) => {
    const policy = policies().teams.get(email.team);
    const look = { session, values, policies: policies(), now };
    return policy === undefined ? [] : [rowOf(email, policy, { ...look, approvals: signed[index] ?? [] })];
  });
}

function namedIn(data: WaitingEmail["data"]): readonly Commitment[] {
  const { subject, original_subject: original, recipients } = data;
  return [
    ...[subject, original ?? null].filter((one) => one !== null),
    ...recipients.map(({ address }) => address),
    ...askerCommitments(askerOf(data)),
  ];
}

interface Look {
  readonly session: Session;
  readonly values: ReadonlyMap<Commitment, string>;
  readonly policies: PolicySet;
  readonly now: number;
  readonly approvals: readonly TrailRecord<"approval">[];
}

function rowOf(email: WaitingEmail, policy: TeamPolicy, look: Look): QueueRow {
  const { values, approvals } = look;
  const { data } = email;
  const given = approvals.filter((record) => record.data.decision === "approve");
  const last = approvals.findLast((record) => record.data.completes);
  const due = last?.data.due ?? null;
  const { expiresAt, escalatesAt } = approvalTimes(policy.approval, email.heldAt);
  const whyNot = whyNotOn(email, policy, { ...look, escalatesAt });
  return {
    email,
    subject: subjectIn(data, values),
    recipients: data.recipients.map(({ address }) => {
      const text = values.get(address) ?? "(erased)";
      const parsed = parseAddress(text);
      return { address: text, isInside: parsed.ok && isInternal(policy, parsed.address) };
    }),
    rules: [...new Set(data.findings.filter(({ effect }) => effect === "flag").map(({ rule }) => rule))],
    approved: given.length,
    needed: neededOf(policy, given.at(-1)),
    ...(due !== null && { keptUntil: Date.parse(due) }),
    isUnderWay: last !== undefined && due === null,
    ...(expiresAt !== undefined && { expiresAt }),
    ...(whyNot !== undefined && { whyNot }),
  };
}

function subjectIn(
  { subject, original_subject: original }: WaitingEmail["data"],
  values: ReadonlyMap<Commitment, string>,
): string | undefined {
  if (subject !== null) return values.get(subject);
  const text = values.get(original ?? "");
  return text === undefined ? undefined : /^re:/i.test(text) ? text : `Re: ${text}`;
}

/** What was asked for when somebody approved it last, or of every email; of classes only judging it again tells. */
function neededOf({ approval }: TeamPolicy, last: TrailRecord<"approval"> | undefined): number | undefined {
  if (last !== undefined) return Math.max(...last.data.required.map(({ needed }) => needed));
  return approval.classes.length === 0 ? approval.needed : undefined;
}

function whyNotOn(
  { data }: WaitingEmail,
  policy: TeamPolicy,
  {
    session,
    values,
    policies,
    now,
    approvals,
    escalatesAt,
  }: Look & { readonly escalatesAt: number | undefined },
): string | undefined {
  const writtenFor: WrittenFor | undefined = writtenForOf(data, values);
  // Of classes, which only judging it again tells, everybody is named who may be asked.
  const requirements = [requirementOfAll(policy), ...policy.approval.classes];
  const may = mayDecide(session, requirements, {
    delegates: delegationsOf(policies, policy.team),
    now,
    escalated: escalatesAt !== undefined && escalatesAt <= now,
    ...(writtenFor && { writtenFor }),
    demo: true,
  });
  if (!may.ok) return may.why;
  const hasApproved = approvals.some(({ data: { decision, identity } }) => {
    const account = parseIdentity(values.get(identity));
    return decision === "approve" && account !== undefined && isSameAccount(account, session);
  });
  return hasApproved ? "You have approved it" : undefined;
}
