import { liveDifferences } from "@countersign/core/decision";
import type { TeamPolicy } from "@countersign/core/policy";
import type { LiveMailboxes } from "@countersign/lifecycle";

/**
 * What the gateway knows of a mailbox: it is what the policy says, is not, was not seen lately, never, or it was stopped
 * after an alarm.
 */
export const MAILBOX_STATES = ["verified", "different", "stale", "unseen", "stopped"] as const;

/** What the gateway knows of a mailbox. Email leaves a verified one only. */
export type MailboxState = (typeof MAILBOX_STATES)[number];

/** A mailbox's state, and for people why it is not verified. */
export interface JudgedMailbox {
  readonly state: MailboxState;
  readonly details: readonly string[];
  /** What people should know though it stops nothing. */
  readonly notices?: readonly string[];
  /** When it was last seen; epoch milliseconds. */
  readonly seenAt?: number;
}

/** What is known of mailboxes besides their policies. */
export interface MailboxKnowledge {
  readonly live: Pick<LiveMailboxes, "peek">;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Why nothing may leave a mailbox, by its id; undefined: it is not stopped. */
  readonly stopOf: (mailboxId: string) => string | undefined;
  /** What people should look at about a mailbox, by its id, though it stops nothing. */
  readonly noticesOf: (mailboxId: string) => readonly string[];
}

/** A mailbox that was last seen longer ago is not verified. */
const MAX_AGE_MS = 5 * 60_000;

/** Compares a team's mailbox, as MultiMail last showed it, with its policy. */
export function mailboxState(
  policy: TeamPolicy,
  { live: mailboxes, clock, stopOf, noticesOf }: MailboxKnowledge,
): JudgedMailbox {
  const state = seenState(policy, { live: mailboxes, clock });
  const seen = { ...state, notices: [...(state.notices ?? []), ...noticesOf(policy.mailbox.id)] };
  const stopped = stopOf(policy.mailbox.id);
  // A person clears a stop, and has to know whether the mailbox is right by then.
  return stopped === undefined ? seen : { ...seen, state: "stopped", details: [stopped, ...seen.details] };
}

function seenState(
  policy: TeamPolicy,
  { live: mailboxes, clock }: Pick<MailboxKnowledge, "live" | "clock">,
): JudgedMailbox {
  const live = mailboxes.peek(policy);
  if (live === undefined) return { state: "unseen", details: ["MultiMail has not shown this mailbox yet"] };
  const { seenAt } = live;
  if (clock() - seenAt > MAX_AGE_MS)
    return { state: "stale", details: ["MultiMail has not shown this mailbox for over 5 minutes"], seenAt };
  const details = liveDifferences(policy, live).map(({ detail }) => detail);
  const notices = live.forwardsInbound ? ["MultiMail forwards this mailbox's inbound email"] : [];
  return { state: details.length === 0 ? "verified" : "different", details, notices, seenAt };
}
