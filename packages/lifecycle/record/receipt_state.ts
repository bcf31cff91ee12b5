import {
  askerCommitments,
  askerName,
  type Commitment,
  isOf,
  type LifecycleData,
  type LifecycleEvent,
  namedCommitments,
  openAsker,
  type StoredRecord,
} from "@countersign/trail";
import { settledOutcome } from "./settled_outcome.ts";

/** What became of a call, folded from its records. */
export interface ReceiptState {
  readonly receipt: string;
  readonly team: string;
  readonly assistant: string;
  /** When it was asked; ISO 8601. */
  readonly at: string;
  readonly action: string;
  /** Who asked the assistant, by address, or else by what their identity provider calls them; absent: nobody signed in, or was erased. */
  readonly user?: string;
  readonly status: ReceiptStatus;
  /** Of an email, unless it was erased. */
  readonly subject?: string;
  /** To whom an email goes; whoever was erased is missing. */
  readonly recipients: readonly { readonly field: string; readonly address: string }[];
  /** Receipt of the assistant's earlier email that this one replaces. */
  readonly revises?: string;
  /** MultiMail's email id. */
  readonly emailId?: string;
  readonly threadId?: string;
  /** MultiMail's own word. */
  readonly multimailStatus?: string;
  /** Who approved it, as far as MultiMail or the console says. */
  readonly approvedBy?: string;
  /** Why, where there is more to say. */
  readonly message?: string;
}

/** Where a call stands, from `denied` by policy to `delivered` by MultiMail. */
export type ReceiptStatus =
  | "denied"
  | "unconfirmed"
  | "pending"
  | "scheduled"
  | "queued"
  | "refused"
  | "answered"
  | "sent"
  | "delivered"
  | "bounced"
  | "rejected"
  /** Rejected in the console: the assistant may write it anew. */
  | "changes_asked"
  /** Cancelled, since nobody decided in time. */
  | "expired"
  | "cancelled"
  | "failed";

/** Where an email stands after an event; absent: where it stood. */
const STATUS_AFTER: Readonly<Record<LifecycleEvent, ReceiptStatus | undefined>> = {
  held: "pending",
  approved: "queued",
  rejected: "rejected",
  scheduled: "scheduled",
  sent: "sent",
  delivered: "delivered",
  bounced: "bounced",
  complained: undefined,
  cancelled: "cancelled",
  send_failed: "failed",
  denied: undefined,
  expired: undefined,
  released: undefined,
  lapsed: undefined,
  no_news: undefined,
};

/**
 * How far on its way an email is by an event. Who looked at it earlier may be later on record than who knows more, and
 * takes nothing back: an email that was cancelled is not held again.
 */
const STAGE: Readonly<Record<LifecycleEvent, number>> = {
  held: 0,
  approved: 1,
  scheduled: 1,
  sent: 2,
  delivered: 3,
  bounced: 3,
  complained: 3,
  rejected: 3,
  cancelled: 3,
  send_failed: 3,
  // These say nothing of its way.
  denied: 0,
  expired: 0,
  released: 0,
  lapsed: 0,
  no_news: 0,
};

/**
 * Folds one receipt's records, oldest first. Undefined when there is no intent among them.
 *
 * @param values behind `shownCommitments`: what about, to whom, who asked, who decided, and why
 */
export function receiptState(
  records: readonly StoredRecord[],
  values: ReadonlyMap<Commitment, string> = new Map(),
): ReceiptState | undefined {
  const intent = records.find(isOf("intent"))?.record;
  if (intent === undefined) return undefined;
  const data = intent.data;
  const subject = data.subject === null ? undefined : values.get(data.subject);
  const asker = openAsker(data.person, values);
  const base: ReceiptState = {
    receipt: intent.receipt ?? "",
    team: intent.team ?? "",
    assistant: intent.assistant ?? "",
    at: intent.at,
    action: data.action,
    ...(asker !== undefined && { user: askerName(asker) }),
    status: data.effect === "deny" ? "denied" : "unconfirmed",
    ...(subject !== undefined && { subject }),
    ...(data.revises !== undefined && { revises: data.revises }),
    recipients: data.recipients.flatMap(({ field, address }) => {
      const value = values.get(address);
      return value === undefined ? [] : [{ field, address: value }];
    }),
  };
  if (data.effect === "deny") {
    return { ...base, message: data.findings.find(({ effect }) => effect === "deny")?.message ?? "Denied" };
  }
  const outcome = settledOutcome(records);
  if (outcome === undefined) return base;
  if (outcome.result === "answered") return { ...base, status: "answered" };
  if (outcome.result === "refused") {
    const said = outcome.multimail_text ? values.get(outcome.multimail_text) : undefined;
    const message = [outcome.message, said].filter(Boolean).join(": ");
    return { ...base, status: "refused", ...(message !== "" && { message }) };
  }
  const taken: ReceiptState = {
    ...base,
    status: data.held ? "pending" : isLater(data.send_at, intent.at) ? "scheduled" : "queued",
    ...(outcome.email !== null && { emailId: outcome.email }),
    ...(outcome.thread !== null && { threadId: outcome.thread }),
    ...(outcome.multimail_status !== null && { multimailStatus: outcome.multimail_status }),
  };
  let stage = 0;
  const events = lifecycleOf(records);
  const state = events.reduce((state, happened) => {
    const isPast = STAGE[happened.event] < stage && STATUS_AFTER[happened.event] !== undefined;
    stage = Math.max(stage, STAGE[happened.event]);
    return isPast ? state : afterEvent(state, happened, values);
  }, taken);
  if (state.status === "rejected" && asksForChanges(records)) return { ...state, status: "changes_asked" };
  const isExpired = events.some(({ event }) => event === "expired");
  return state.status === "cancelled" && isExpired ? { ...state, status: "expired" } : state;
}

/** MultiMail knows only that it was rejected. */
function asksForChanges(records: readonly StoredRecord[]): boolean {
  return records.some(
    ({ record }) => record.kind === "approval" && record.data.decision === "ask_for_changes",
  );
}

/** The commitments to what an email is about and to whom, to who asked for it, who decided on it, and why, and to what MultiMail said of it. */
export function shownCommitments(records: readonly StoredRecord[]): readonly Commitment[] {
  return records.flatMap(({ record: { kind, data } }): readonly Commitment[] => {
    if (kind === "lifecycle" || kind === "outcome")
      return namedCommitments(kind, data).map(({ commitment }) => commitment);
    if (kind !== "intent") return [];
    const { subject, recipients, person } = data;
    return [
      ...(subject === null ? [] : [subject]),
      ...recipients.map(({ address }) => address),
      ...askerCommitments(person),
    ];
  });
}

function lifecycleOf(records: readonly StoredRecord[]): readonly LifecycleData[] {
  return records.flatMap(({ record }) =>
    record.kind === "lifecycle" && record.data.event !== "unknown" ? [record.data] : [],
  );
}

function afterEvent(
  state: ReceiptState,
  { event, by, reason, bounce_type, multimail_status, outside_hours, findings }: LifecycleData,
  values: ReadonlyMap<Commitment, string>,
): ReceiptState {
  const person = by === null ? undefined : values.get(by);
  const why = reason === null ? undefined : values.get(reason);
  const messages: Partial<Record<LifecycleEvent, string | undefined>> = {
    rejected: why,
    sent: outside_hours ? "It was approved late, and left outside your team's working hours" : undefined,
    bounced: bounce_type ?? undefined,
    denied: `Your team's policy does not allow it any more: ${findings?.[0]?.message ?? "it was judged again"}`,
    expired: "Nobody decided on it in time",
    complained: "The recipient complained that the email was spam",
    no_news: "MultiMail told nothing new for 30 days",
  };
  const message = messages[event];
  return {
    ...state,
    status: STATUS_AFTER[event] ?? state.status,
    ...(multimail_status !== null && { multimailStatus: multimail_status }),
    ...(event === "approved" && person !== undefined && { approvedBy: person }),
    ...(message !== undefined && { message }),
  };
}

/** Whether `sendAt` asks for a moment after `at`; both ISO 8601. */
export function isLater(sendAt: string | null | undefined, at: string): boolean {
  return typeof sendAt === "string" && Date.parse(sendAt) > Date.parse(at);
}
