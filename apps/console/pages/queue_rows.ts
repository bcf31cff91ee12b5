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
import type { TrailRecord } from "@countersign/trail";
import { parseIdentity, writtenForOf } from "../deciding/held_email.ts";
import type { Session } from "../store/console_store.ts";
import type { WaitingEmail } from "../waiting/waiting_emails.ts";

/** What the queue shows of an email that waits. */
export interface QueueRow {
  readonly email: WaitingEmail;
  /** Undefined: it was erased, or only MultiMail knows it. */
  readonly subject: string | undefined;
  readonly recipients: readonly { readonly address: string; readonly isInside: boolean }[];
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

/** Who looks at the queue, and when. */
export interface QueueLook {
  readonly session: Session;
  readonly policies: PolicySet;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Why a person cannot decide on an email; undefined: they can, as far as is known without judging it again. */
export type WhyNot = (email: WaitingEmail) => string | undefined;

/** What the queue shows of an email that waits; undefined: no policy names its team any more. */
export function queueRow(
  email: WaitingEmail,
  { policies, whyNot }: { readonly policies: PolicySet; readonly whyNot: WhyNot },
): QueueRow | undefined {
  const policy = policies.teams.get(email.team);
  if (policy === undefined) return undefined;
  const { data, approvals, values } = email;
  const given = approvals.filter((record) => record.data.decision === "approve");
  const last = email.decided;
  const due = last?.data.due ?? null;
  const { expiresAt } = approvalTimes(policy.approval, email.heldAt);
  const why = whyNot(email);
  return {
    email,
    subject: subjectOf(email),
    recipients: data.recipients.map(({ address }) => {
      const text = values.get(address) ?? "(erased)";
      const parsed = parseAddress(text);
      return { address: text, isInside: parsed.ok && isInternal(policy, parsed.address) };
    }),
    approved: given.length,
    needed: neededOf(policy, given.at(-1)),
    ...(due !== null && { keptUntil: Date.parse(due) }),
    isUnderWay: last !== undefined && due === null,
    ...(expiresAt !== undefined && { expiresAt }),
    ...(why !== undefined && { whyNot: why }),
  };
}

/** An email's subject, of a reply by what it answers; undefined: it was erased, or only MultiMail knows it. */
export function subjectOf({ data, values }: Pick<WaitingEmail, "data" | "values">): string | undefined {
  const { subject, original_subject: original } = data;
  if (subject !== null) return values.get(subject);
  const text = values.get(original ?? "");
  return text === undefined ? undefined : /^re:/i.test(text) ? text : `Re: ${text}`;
}

/** What was asked for when somebody approved it last, or of every email; of classes only judging it again tells. */
function neededOf({ approval }: TeamPolicy, last: TrailRecord<"approval"> | undefined): number | undefined {
  if (last !== undefined) return Math.max(...last.data.required.map(({ needed }) => needed));
  return approval.classes.length === 0 ? approval.needed : undefined;
}

/** Tells of thousands of emails whether a person may decide on them: what holds for all of a team is found out once. */
export function whyNotFor({ session, policies, now }: QueueLook): WhyNot {
  const known = new Map<string, { readonly why: string | undefined }>();
  const find = (
    policy: TeamPolicy,
    more: { readonly escalated: boolean; readonly writtenFor?: WrittenFor },
  ) => {
    // Of classes, which only judging it again tells, everybody is named who may be asked.
    const requirements = [requirementOfAll(policy), ...policy.approval.classes];
    const may = mayDecide(session, requirements, {
      ...{ delegates: delegationsOf(policies, policy.team), now, demo: true },
      ...more,
    });
    return may.ok ? undefined : may.why;
  };
  return ({ team, data, values, heldAt, approvals }) => {
    const policy = policies.teams.get(team);
    if (policy === undefined) return "No policy names its team any more";
    const { escalatesAt } = approvalTimes(policy.approval, heldAt);
    const escalated = escalatesAt !== undefined && escalatesAt <= now;
    const writtenFor = writtenForOf(data, values);
    if (writtenFor !== undefined) {
      const why = find(policy, { escalated, writtenFor });
      if (why !== undefined) return why;
    } else {
      const key = `${team} ${escalated}`;
      const found = known.get(key) ?? { why: find(policy, { escalated }) };
      known.set(key, found);
      if (found.why !== undefined) return found.why;
    }
    return hasApproved({ approvals, values }, session) ? "You have approved it" : undefined;
  };
}

function hasApproved(
  { approvals, values }: Pick<WaitingEmail, "approvals" | "values">,
  session: Session,
): boolean {
  return approvals.some(({ data: { decision, identity } }) => {
    const account = parseIdentity(values.get(identity));
    return decision === "approve" && account !== undefined && isSameAccount(account, session);
  });
}
