import type { ApprovalPolicy } from "../policy/mod.ts";
import { approvalTimes, nextReminder } from "./approval_times.ts";

/** Email is told of by email when it has waited so long, in milliseconds: whoever looks at the chat has decided by then. */
export const EMAIL_AFTER_MS: number = 15 * 60_000;

/** New email is told of when no more came for so long, so that a burst is one notice; … */
const QUIET_MS = 10_000;

/** … and in any case when the first of it has waited so long. */
const LONGEST_MS = 60_000;

/** Between two notices of new email of one team, by one channel. */
const BETWEEN_MS = 5 * 60_000;

/** An email that waits, and when people were told of it by one channel. Epoch milliseconds. */
export interface NoticedEmail {
  readonly receipt: string;
  /** Since when it waits. */
  readonly heldAt: number;
  /** When they were first told that it waits; absent: not yet. */
  readonly told?: number;
  /** When they were last reminded of it. */
  readonly reminded?: number;
  /** When those were told to whom it escalates. */
  readonly escalated?: number;
}

/** Why people are told. */
export type NoticeAbout = "waiting" | "reminder" | "escalated";

/** What people are to be told of now. */
export interface DueNotice<Email extends NoticedEmail = NoticedEmail> {
  readonly about: NoticeAbout;
  /** One notice for all of them, the longest waiting first. */
  readonly emails: readonly Email[];
}

/** What is known when it is asked whether a notice is due. */
export interface DueNoticeOptions {
  /** Epoch milliseconds. */
  readonly now: number;
  /** Whether it is a chat, which is told at once, or an email, which interrupts more. */
  readonly over: "chat" | "email";
  /** When this team was last told of new email by this channel; absent: never. */
  readonly lastTold?: number;
}

/**
 * What people of a team are to be told of by one channel, of its email that waits; undefined: nothing now. A notice tells of
 * many emails at once: new ones are gathered, and a reminder that is due for one is about all of them, so that nobody gets a
 * second one within half of `remind`. Email that has expired is not told of.
 */
export function dueNotice<Email extends NoticedEmail>(
  approval: Pick<ApprovalPolicy, "expires" | "remind" | "escalate">,
  emails: readonly Email[],
  options: DueNoticeOptions,
): DueNotice<Email> | undefined {
  const { now } = options;
  const waiting = emails
    .filter(({ heldAt }) => (approvalTimes(approval, heldAt).expiresAt ?? Number.POSITIVE_INFINITY) > now)
    .sort((a, b) => a.heldAt - b.heldAt);
  const escalated = waiting.filter(
    (email) =>
      email.escalated === undefined &&
      (approvalTimes(approval, email.heldAt).escalatesAt ?? Number.POSITIVE_INFINITY) <= now,
  );
  if (escalated.length > 0) return { about: "escalated", emails: escalated };
  if (waiting.some((email) => isReminderDue(approval, email, now)))
    return { about: "reminder", emails: waiting };
  const untold = waiting.filter(({ told }) => told === undefined);
  return isNewDue(untold, options) ? { about: "waiting", emails: untold } : undefined;
}

function isReminderDue(
  { remind, expires }: Pick<ApprovalPolicy, "expires" | "remind">,
  { heldAt, told, reminded = told }: NoticedEmail,
  now: number,
): boolean {
  if (remind === undefined || reminded === undefined) return false;
  const next = nextReminder(
    { remind, ...(expires && { expires }) },
    { heldAt, after: reminded + remind.ms / 2 },
  );
  return next !== undefined && next <= now;
}

/** `untold`: the longest waiting first. */
function isNewDue(untold: readonly NoticedEmail[], { now, over, lastTold }: DueNoticeOptions): boolean {
  const oldest = untold[0];
  const newest = untold.at(-1);
  if (oldest === undefined || newest === undefined) return false;
  if (over === "email") return now - oldest.heldAt >= EMAIL_AFTER_MS;
  if (lastTold !== undefined && now - lastTold < BETWEEN_MS) return false;
  return now - newest.heldAt >= QUIET_MS || now - oldest.heldAt >= LONGEST_MS;
}
