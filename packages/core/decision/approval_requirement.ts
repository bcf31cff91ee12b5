import { formatPattern } from "../address/mod.ts";
import type {
  ApprovalClass,
  ApprovalPolicy,
  ClassCondition,
  PolicyPerson,
  TeamPolicy,
  Where,
} from "../policy/mod.ts";

/** Approval that an email needs before it leaves. Plain data. */
export interface ApprovalRequirement {
  /** How many different people of `by`. */
  readonly needed: number;
  /** With the line that names each. Empty: the policy names nobody. */
  readonly by: readonly PolicyPerson[];
  /** Who may decide too, as one of `by`, when nobody did for some time. */
  readonly escalate?: NonNullable<ApprovalPolicy["escalate"]>;
  /** Which email the class is about, as the policy writes it: `content: iban`. Absent: this is asked of all email. */
  readonly class?: string;
  /** The line that asks for it. */
  readonly where: Where;
}

/** What is asked of every email of a team that is held. */
export function requirementOfAll({ approval }: Pick<TeamPolicy, "approval">): ApprovalRequirement {
  const { needed, by, escalate, where } = approval;
  return { needed, by, ...(escalate && { escalate }), where };
}

/** What a class asks of email that fits it. */
export function requirementOfClass({ needed, by, when, where }: ApprovalClass): ApprovalRequirement {
  return { needed, by, class: describeCondition(when), where };
}

/** Which email a class is about: `content: iban; recipients: *@bank.example; attachments`. A group is named, not listed. */
function describeCondition({ content, recipients, attachments }: ClassCondition): string {
  const names = (content ?? []).map(({ value }) => value.name);
  const people = (recipients ?? []).map(({ value, group }) => group?.name ?? formatPattern(value));
  return [
    ...(content ? [`content: ${listed(names)}`] : []),
    ...(recipients ? [`recipients: ${listed(people)}`] : []),
    ...(attachments ? ["attachments"] : []),
  ].join("; ");
}

function listed(words: readonly string[]): string {
  return [...new Set(words)].join(", ");
}
