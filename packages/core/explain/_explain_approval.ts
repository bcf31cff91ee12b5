// Not by `mod.ts`: whoever explains a policy needs nothing that decides.
import { EMAIL_AFTER_MS } from "../approval/due_notice.ts";
import { requirementOfClass } from "../decision/approval_requirement.ts";
import type {
  ApprovalPolicy,
  Delegation,
  NotifyChannel,
  PolicyPerson,
  ReasonWanted,
  TeamPolicy,
} from "../policy/mod.ts";
import type { PolicySentence } from "./policy_sentence.ts";

/** What explains who stands in for whom. */
export interface ExplainApprovalOptions {
  /** Epoch milliseconds. */
  readonly now: number;
  /** The organisation's. */
  readonly delegates: readonly Delegation[];
  /** The organisation's, by name. */
  readonly channels: ReadonlyMap<string, NotifyChannel>;
}

/** Who decides on what is held, in what time, and what that can promise. */
export function explainApproval(
  { approval, oversight, delegates: own = [], notify }: TeamPolicy,
  { now, delegates: shared, channels }: ExplainApprovalOptions,
): readonly PolicySentence[] {
  const { by, needed, classes, where, reason, expires, escalate } = approval;
  const [first] = by;
  if (first === undefined) return [];
  const people = addresses(by);
  // Where it is said how many, that is another line than the list's.
  const listAt = where.file === first.where.file && where.line === first.where.line ? where : first.where;
  const isPlain = needed === 1 && classes.length === 0 && expires === undefined && escalate === undefined;
  const isHeld = oversight === "gated_all" || oversight === "gated_send";
  const named = [by, escalate?.to ?? [], ...classes.map((one) => one.by)].flat();
  const deciders = new Set(named.map(({ address }) => address));
  const isOurs = ({ from, to }: Delegation) => deciders.has(from.address) || deciders.has(to.address);
  return [
    needed === 1
      ? { text: `These people may approve: ${people}.`, where: listAt }
      : { text: `${needed} different people of these must approve: ${people}.`, where },
    ...classes.map((one) => ({
      text: `Email of this kind needs, besides, the approval of ${one.needed} of ${addresses(one.by)}, and is refused where it would not be held: ${requirementOfClass(one).class}.`,
      where: one.where,
    })),
    ...(reason === "reject" ? [] : [{ text: REASON[reason], where }]),
    ...explainTimes(approval),
    ...[...own, ...shared.filter(isOurs)].filter(({ endsAt }) => now < endsAt).map(explainDelegation),
    ...(notify ?? []).map(({ value, where }) => ({ text: toldBy(value, channels.get(value)), where })),
    ...(isPlain || !isHeld ? [] : [{ text: PROMISE, where }]),
  ];
}

/** By which channel, and when: they are told that email waits, and never what is in it. */
function toldBy(name: string, channel: NotifyChannel | undefined): string {
  if (channel?.kind === "email")
    return `They are told by the channel ${name} (email) of email that has waited for ${EMAIL_AFTER_MS / 60_000} minutes, and never what is in it.`;
  const kind = channel === undefined ? "" : ` (${KIND[channel.kind]})`;
  return `They are told by the channel ${name}${kind} as soon as email waits, and never what is in it.`;
}

const KIND = { slack: "Slack", teams: "Microsoft Teams", webhook: "a webhook" } as const;

/** What only the console can see to. */
const PROMISE =
  "All of this binds who decides in the console; whoever may use MultiMail's dashboard can pass by it, which is recorded and an alarm, and not prevented.";

const REASON: Readonly<Record<ReasonWanted, string>> = {
  always: "Whoever decides must say why.",
  reject: "Whoever rejects must say why.",
  never: "Nobody must say why they decide.",
};

function explainTimes({ expires, remind, escalate }: ApprovalPolicy): readonly PolicySentence[] {
  return [
    ...(remind
      ? [{ text: `They are reminded of what waits every ${remind.text}.`, where: remind.where }]
      : []),
    ...(escalate
      ? [
          {
            text: `When nobody decided within ${escalate.after.text}, these may approve too, as one of them: ${addresses(escalate.to)}.`,
            where: escalate.after.where,
          },
        ]
      : []),
    ...(expires
      ? [
          {
            text: `Email on which nobody decided within ${expires.text} is taken back.`,
            where: expires.where,
          },
        ]
      : []),
  ];
}

function explainDelegation({ from, to, until, reason, where }: Delegation): PolicySentence {
  return {
    text: `Until ${until} ${to.address} decides in the place of ${from.address} (${reason}); the two count as one.`,
    where,
  };
}

function addresses(people: readonly PolicyPerson[]): string {
  return people.map(({ address }) => address).join(", ");
}
