import { parseAddress } from "@countersign/core/address";
import { receiptState, shownCommitments } from "@countersign/lifecycle";
import { type EmailSummary, MultiMailError } from "@countersign/multimail";
import { type Commitment, isOf, type TrailRecord, type TrailStore } from "@countersign/trail";
import type { HeldEmail } from "../deciding/held_email.ts";
import type { Roles } from "../people/roles.ts";
import { overlapsOf } from "../waiting/overlaps_of.ts";
import type { WaitingEmail, WaitingEmails } from "../waiting/waiting_emails.ts";

/** What is known beside an email that waits, for whoever decides on it. */
export interface Beside {
  /** Newest first, without this one; undefined: MultiMail does not show it now. */
  readonly conversation: readonly EmailSummary[] | undefined;
  /** Earlier email to the same people, of every team, newest first. */
  readonly earlier: readonly EarlierEmail[];
  /** How many of its people it was looked for, where they are more. */
  readonly lookedFor?: number;
  /** Email that waits and says much the same to the same people. */
  readonly overlapping: readonly OverlappingEmail[];
  /** The rejected one that it replaces. */
  readonly revised: RevisedEmail | undefined;
}

/** Email that somebody sent these people before. */
export interface EarlierEmail {
  readonly receipt: string;
  readonly team: string;
  /** ISO 8601. */
  readonly at: string;
  /** Of teams whose email this person may read; undefined: no more is told than the above. */
  readonly shown?: { readonly subject: string | undefined; readonly assistant: string; readonly to: string };
}

/** One that overlaps. */
export interface OverlappingEmail {
  readonly email: WaitingEmail;
  /** Undefined: it was erased. */
  readonly body: string | undefined;
}

/** What an email was before it was rejected. */
export interface RevisedEmail {
  readonly receipt: string;
  readonly subject: string | undefined;
  readonly body: string | undefined;
  /** What it was rejected for, or which changes were asked for. */
  readonly reason: string | undefined;
}

/** What gathering needs. */
export interface BesideOptions {
  readonly trail: Pick<TrailStore, "records" | "recordsOf" | "unseal">;
  readonly waiting: Pick<WaitingEmails, "get" | "list">;
  readonly roles: Pick<Roles, "approves">;
}

/** So much earlier email is shown to all people together, and for so many of them it is looked for. */
const MAX_EARLIER = 8;
const MAX_PEOPLE = 10;

/** So many emails of a conversation are shown. */
const MAX_CONVERSATION = 20;

/** So many that overlap are put beside it. */
const MAX_OVERLAPPING = 5;

/**
 * Gathers what stands beside an email that waits. Reads nothing that would mark received email as read at MultiMail.
 *
 * @throws {TrailUnavailableError}
 */
export async function gatherBeside(held: HeldEmail, options: BesideOptions): Promise<Beside> {
  const people = peopleOf(held);
  const [conversation, earlier, overlapping, revised] = await Promise.all([
    conversationOf(held),
    earlierOf(held, { ...options, people: people.slice(0, MAX_PEOPLE) }),
    overlappingOf(held, options),
    revisedOf(held, options),
  ]);
  return {
    ...{ conversation, earlier, overlapping, revised },
    ...(people.length > MAX_PEOPLE && { lookedFor: MAX_PEOPLE }),
  };
}

async function conversationOf({ client, waiting, email }: HeldEmail): Promise<Beside["conversation"]> {
  if (email.threadId === undefined) return [];
  try {
    const { emails } = await client.getThread(waiting.mailbox, email.threadId);
    const timeOf = ({ receivedAt, deliveredAt }: EmailSummary) => receivedAt ?? deliveredAt ?? "";
    return emails
      .filter(({ id }) => id !== email.id)
      .sort((a, b) => (timeOf(a) < timeOf(b) ? 1 : -1))
      .slice(0, MAX_CONVERSATION);
  } catch (error) {
    if (error instanceof MultiMailError) return undefined;
    throw error;
  }
}

/** Whom it reaches, without the team's own mailbox. */
function peopleOf({ waiting, values, policy }: HeldEmail): readonly string[] {
  const own = parseAddress(policy.mailbox.address);
  const people = new Set(
    waiting.data.recipients.flatMap(({ address }) => {
      const parsed = parseAddress(values.get(address) ?? "");
      const isOwn = own.ok && parsed.ok && parsed.address.base === own.address.base;
      return parsed.ok && !isOwn ? [parsed.address.base] : [];
    }),
  );
  return [...people];
}

async function earlierOf(
  { waiting }: HeldEmail,
  { trail, roles, people }: BesideOptions & { readonly people: readonly string[] },
): Promise<readonly EarlierEmail[]> {
  const found = new Map<string, { readonly record: TrailRecord<"intent">; readonly to: string }>();
  for (const recipient of people) {
    const filter = {
      kind: "intent",
      effect: "allow",
      recipient,
      newestFirst: true,
      limit: MAX_EARLIER + 1,
    } as const;
    for await (const stored of trail.records(filter)) {
      if (!isOf("intent")(stored)) continue;
      const { record } = stored;
      const { receipt } = record;
      if (receipt === null || receipt === waiting.intent.receipt) continue;
      if (EMAIL_ACTIONS.has(record.data.action) && !found.has(receipt))
        found.set(receipt, { record, to: recipient });
    }
  }
  const latest = [...found.values()].sort((a, b) => b.record.seq - a.record.seq).slice(0, MAX_EARLIER);
  const readable = latest.filter(({ record: { team } }) => roles.approves.has(team ?? ""));
  const subjects = readable.flatMap(({ record }) => record.data.subject ?? []);
  const texts = await trail.unseal(subjects);
  return latest.map(({ record: { receipt, team, at, assistant, data }, to }) => ({
    receipt: receipt ?? "",
    team: team ?? "",
    at,
    ...(roles.approves.has(team ?? "") && {
      shown: { subject: textOf(texts, data.subject), assistant: assistant ?? "", to },
    }),
  }));
}

const EMAIL_ACTIONS: ReadonlySet<string> = new Set(["send", "reply", "report"]);

async function overlappingOf(
  { waiting: { intent, data } }: HeldEmail,
  { trail, waiting, roles }: BesideOptions,
): Promise<readonly OverlappingEmail[]> {
  const receipt = intent.receipt ?? "";
  const found = overlapsOf(data).flatMap((other) => waiting.get(other) ?? []);
  // What was asked for later names this one, which knows nothing of it.
  const later = waiting
    .list((team) => roles.approves.has(team))
    .filter(({ overlaps }) => overlaps.includes(receipt));
  const emails = [...new Set([...found, ...later])]
    .filter((one) => one.receipt !== receipt && roles.approves.has(one.team))
    .slice(0, MAX_OVERLAPPING);
  const texts = await trail.unseal(emails.flatMap((email) => email.data.body ?? []));
  return emails.map((email) => ({ email, body: textOf(texts, email.data.body) }));
}

async function revisedOf(
  { waiting: { data, intent } }: HeldEmail,
  { trail }: BesideOptions,
): Promise<RevisedEmail | undefined> {
  if (data.revises === undefined) return undefined;
  const records = await trail.recordsOf(data.revises);
  const before = records.find(isOf("intent"))?.record;
  // An assistant replaces email of its own; whatever else it names is not shown.
  if (before === undefined || before.team !== intent.team) return undefined;
  const { subject, body } = before.data;
  const named = [subject, body].filter((one) => one !== null);
  const texts = await trail.unseal([...named, ...shownCommitments(records)]);
  return {
    receipt: data.revises,
    subject: textOf(texts, subject),
    body: textOf(texts, body),
    reason: receiptState(records, texts)?.message,
  };
}

function textOf(texts: ReadonlyMap<Commitment, string>, commitment: Commitment | null): string | undefined {
  return commitment === null ? undefined : texts.get(commitment);
}
