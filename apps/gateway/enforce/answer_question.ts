import type { Action, EmailAction, InvalidAction, ListAction } from "@countersign/core/action";
import { parseAddress } from "@countersign/core/address";
import { isFitToShow, isInternal } from "@countersign/core/decision";
import type { AssistantRef, TeamPolicy } from "@countersign/core/policy";
import {
  type ReceiptState,
  type ReceiptStatus,
  receiptState,
  shownCommitments,
} from "@countersign/lifecycle";
import {
  type EmailPage,
  type EmailQuery,
  type EmailSummary,
  type MultiMailClient,
  MultiMailError,
  type Thread,
} from "@countersign/multimail";
import { outcomeEntry, type TrailEntry } from "@countersign/trail";
import { cancelClaim, isToCancel } from "../record/cancel_claims.ts";
import { mailboxEmail } from "./context/mailbox_email.ts";
import { failureOf } from "./failure.ts";
import type { JudgedByPolicy } from "./judged.ts";
import { judgedEntry } from "./judged_entry.ts";
import type { Answer, Answered, Failed, WaitingEmails } from "./outcome.ts";
import type { LearntBy, World } from "./world.ts";

/** What an assistant can ask for besides letting an email leave. */
export type Question = Exclude<Action, EmailAction | InvalidAction>;

/** Does what was allowed, reading or taking back, between its intent and its outcome on record. */
export async function answerQuestion(
  question: Question,
  judged: JudgedByPolicy,
  world: World,
): Promise<Answered | Failed> {
  const { receipt } = judged;
  const intent = judgedEntry(judged);
  if (!(await begin(question, { ...judged, intent }, world))) {
    const refused = { code: "not_cancellable", message: DECIDED_NOW } as const;
    await world.trail.append(outcomeEntry(intent, world.clock(), { result: "refused", ...refused }));
    return { kind: "failed", receipt, ...refused };
  }
  try {
    const { answer, received } = await ask(question, judged, world);
    if (answer === undefined) {
      const message = "There is no such thing in your team's mailbox";
      await world.trail.append(
        outcomeEntry(intent, world.clock(), { result: "refused", code: "not_found", message }),
      );
      return { kind: "failed", receipt, code: "not_found", message };
    }
    const outside = received === undefined ? null : received.some((from) => isOutside(from, judged.policy));
    await world.trail.append(
      outcomeEntry(intent, world.clock(), { result: "answered", outside, ...idsOf(answer) }),
    );
    return { kind: "answered", receipt, answer };
  } catch (error) {
    if (!(error instanceof MultiMailError)) throw error;
    const failure = failureOf(error);
    const code = question.name === "cancel" && error.code === "conflict" ? "not_cancellable" : failure.code;
    const message = code === "not_cancellable" ? NOT_CANCELLABLE : failure.message;
    const recorded = code === "not_cancellable" ? { code, message } : failure.recorded;
    await world.trail.append(outcomeEntry(intent, world.clock(), { result: "refused", ...recorded }));
    const { retryAfterMs } = error;
    return { kind: "failed", receipt, code, message, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  }
}

/**
 * Makes durable what was asked. Taking back ends an email's waiting, and so takes the sole right to do so, which a refusal gives
 * back. False: somebody decides on the email right now, and it is not taken back.
 */
async function begin(
  question: Question,
  { intent, ...judged }: JudgedByPolicy & { readonly intent: TrailEntry<"intent"> },
  world: World,
): Promise<boolean> {
  const { trail, clock } = world;
  const target = question.name === "cancel" ? await ownEmail(question, judged, world) : undefined;
  if (target?.status !== "pending") {
    await trail.append(intent);
    return true;
  }
  const appended = await trail.tryAppend({ ...intent, claims: [cancelClaim(target.receipt, clock())] });
  if (appended.ok) return true;
  await trail.append(intent);
  // Who cancels it already and this one want the same, and to do it twice does no harm.
  return appended.reason === "claimed" && isToCancel(appended.fingerprint);
}

/** The email that an assistant names, if it is its own and MultiMail has it: another's is none of its business. */
async function ownEmail(
  { receipt, emailId = "" }: Extract<Question, { readonly name: "cancel" }>,
  { call, policy }: JudgedByPolicy,
  world: World,
): Promise<(ReceiptState & { readonly emailId: string }) | undefined> {
  const named = receipt ?? (await world.trail.receiptOf(emailId));
  const state = named === undefined ? undefined : await stateOf(named, policy, world);
  if (state?.assistant !== call.caller.assistant || state.emailId === undefined) return undefined;
  return { ...state, emailId: state.emailId };
}

/** MultiMail's ids of what was shown: what a caller asks for may be anything, what MultiMail has is not. */
function idsOf(answer: Answer): { readonly email?: string; readonly thread?: string } {
  if (answer.action === "read" || answer.action === "attachment") return { email: answer.email.id };
  return answer.action === "thread" ? { thread: answer.thread.threadId } : {};
}

const NOT_CANCELLABLE = "The email has left, or was decided on: it cannot be taken back";

const DECIDED_NOW =
  "Somebody decides on the email right now, so it was not taken back; ask for its status, and try again if it still waits";

/** What was found out for an assistant. */
interface Found {
  /** Undefined: there is no such thing, or it is not this caller's to see. */
  readonly answer: Answer | undefined;
  /** The From of every email in it that is not the mailbox's own; undefined: it shows no email. */
  readonly received?: readonly string[];
}

const NOTHING: Found = { answer: undefined };

/**
 * Whether a received email counts as one from outside. Its From is all that MultiMail says of where it comes from, and
 * can be forged: a policy may let all count. The mailbox's own address in it is forged, or a detour.
 */
function isOutside(from: string, policy: TeamPolicy): boolean {
  if (policy.afterOutsideMail?.inbound === "all") return true;
  const parsed = parseAddress(from);
  if (!parsed.ok || parsed.address.key === policy.mailbox.address.toLowerCase()) return true;
  return !isInternal(policy, parsed.address);
}

async function ask(question: Question, judged: JudgedByPolicy, world: World): Promise<Found> {
  const { call, policy, receipt: asked } = judged;
  const client = world.clientFor(policy);
  const { id } = policy.mailbox;
  switch (question.name) {
    case "inbox": {
      if (question.show === "mailbox") {
        return { answer: { action: "mailbox", mailbox: await client.getMailbox(id) } };
      }
      return await shownPage(client, id, queryOf(question), world);
    }
    case "read": {
      const email = await client.getEmail(id, question.emailId);
      const { emails, received } = await shownOf([email], world);
      if (emails.length === 0) return NOTHING;
      if (received.length > 0) await world.noteRelease({ policy, email, receipt: asked });
      if (question.attachment === undefined) return { answer: { action: "read", email }, received };
      const attachment = await client.getAttachment(id, question.emailId, question.attachment);
      return { answer: { action: "attachment", email, attachment }, received };
    }
    case "thread": {
      const thread = await client.getThread(id, question.threadId);
      const { emails, received } = await shownOf(thread.emails, world);
      if (emails.length === 0) return NOTHING;
      return { answer: { action: "thread", thread: onlyWith(emails, thread) }, received };
    }
    case "status": {
      const { team, assistant } = call.caller;
      if (question.waiting)
        return {
          answer: { action: "waiting", waiting: await waitingEmails({ team, assistant }, policy, world) },
        };
      const receipt = question.receipt ?? (await world.trail.latestReceipt(team, assistant));
      const state = receipt === undefined ? undefined : await stateOf(receipt, policy, world);
      if (state === undefined) return NOTHING;
      return { answer: { action: "status", state: await freshState(state, policy, "polling", world) } };
    }
    case "cancel": {
      const state = await ownEmail(question, judged, world);
      if (state === undefined) return NOTHING;
      const { status } = await client.cancel(id, state.emailId);
      const after = await freshState(state, policy, "answer", world);
      return {
        answer: { action: "cancel", state: { ...after, status: "cancelled", multimailStatus: status } },
      };
    }
  }
}

/** How often MultiMail is asked for one page. */
const MAX_ASKED = 5;

/**
 * One page of what an assistant may be shown. What it may not be shown is filled up with what comes after it: a page with
 * gaps, or an empty one with another behind it, would tell how much of what is hidden the question fits.
 */
async function shownPage(
  client: MultiMailClient,
  mailboxId: string,
  { cursor, ...query }: EmailQuery & { readonly limit: number },
  world: World,
): Promise<Found> {
  const emails: EmailSummary[] = [];
  const received: string[] = [];
  let next = cursor;
  for (let asked = 0; asked < MAX_ASKED; asked++) {
    const page = await client.listEmails(mailboxId, {
      ...query,
      limit: query.limit - emails.length,
      ...(next !== undefined && { cursor: next }),
    });
    const shown = await shownOf(page.emails, world);
    emails.push(...shown.emails);
    received.push(...shown.received);
    next = page.cursor;
    if (next === undefined || emails.length >= query.limit) break;
  }
  const isLast = next === undefined || (emails.length < query.limit && !(await isAnyShown(next)));
  const page = { emails, ...(!isLast && next !== undefined && { cursor: next }) };
  return { answer: { action: "inbox", page }, received };

  /** Whether anything that may be shown comes after the cursor; when that takes too long to tell, it is said to. */
  async function isAnyShown(from: string): Promise<boolean> {
    let after: string | undefined = from;
    for (let asked = 0; asked < MAX_ASKED && after !== undefined; asked++) {
      const page: EmailPage = await client.listEmails(mailboxId, { ...query, limit: 100, cursor: after });
      if ((await shownOf(page.emails, world)).emails.length > 0) return true;
      after = page.cursor;
    }
    return after !== undefined;
  }
}

/** Those of these emails that an assistant may be shown, and the From of those of them that were received. */
async function shownOf<E extends EmailSummary>(
  emails: readonly E[],
  world: World,
): Promise<{ readonly emails: readonly E[]; readonly received: readonly string[] }> {
  const judged = await Promise.all(
    emails.map(async (email) => ({ email, kind: await mailboxEmail(email, world) })),
  );
  const shown = judged.filter(({ kind }) => isFitToShow(kind));
  return {
    emails: shown.map(({ email }) => email),
    received: shown.flatMap(({ email, kind }) => (kind.isOwn ? [] : [email.from])),
  };
}

function queryOf(list: ListAction): EmailQuery & { readonly limit: number } {
  const { limit, cursor, sinceId, from, subject, direction = "inbound", dateAfter, dateBefore } = list;
  const status = list.status ?? (list.unreadOnly === true ? "unread" : undefined);
  const { hasAttachments } = list;
  return {
    limit,
    ...(direction !== "both" && { direction }),
    ...(cursor !== undefined && { cursor }),
    ...(sinceId !== undefined && { sinceId }),
    ...(status !== undefined && { status }),
    ...(from !== undefined && { sender: from }),
    ...(subject !== undefined && { subjectContains: subject }),
    ...(dateAfter !== undefined && { dateAfter }),
    ...(dateBefore !== undefined && { dateBefore }),
    ...(hasAttachments !== undefined && { hasAttachments }),
  };
}

/** The thread with these of its emails only, and without what would tell of others. */
function onlyWith(emails: Thread["emails"], thread: Thread): Thread {
  if (emails.length === thread.emails.length) return thread;
  return {
    threadId: thread.threadId,
    emails,
    participants: [...new Set(emails.flatMap(({ from, to, cc }) => [from, ...to, ...cc]))],
    messageCount: emails.length,
  };
}

/** Where an email stands that may leave later, or of which nobody knows yet. */
const WAITING: ReadonlySet<ReceiptStatus> = new Set(["pending", "scheduled", "unconfirmed"]);

/** Of more, the newest are looked at. */
const MAX_WAITING = 200;

/** The assistant's emails that wait, as the trail knows: MultiMail is asked about each in the background. */
async function waitingEmails(of: AssistantRef, policy: TeamPolicy, world: World): Promise<WaitingEmails> {
  const { trail } = world;
  const listed = await Promise.all([trail.openIntents(of), trail.watchedEmails(of)]);
  const newestFirst = listed
    .flat()
    .map(({ record: { seq, receipt } }) => ({ seq, receipt: receipt ?? "" }))
    .sort((a, b) => b.seq - a.seq);
  const receipts = [...new Set(newestFirst.map(({ receipt }) => receipt))];
  const states: ReceiptState[] = [];
  for (const receipt of receipts.slice(0, MAX_WAITING)) {
    const state = await stateOf(receipt, policy, world);
    if (state !== undefined && WAITING.has(state.status)) states.push(state);
  }
  return { states, more: receipts.length > MAX_WAITING };
}

async function stateOf(receipt: string, policy: TeamPolicy, world: World): Promise<ReceiptState | undefined> {
  const records = await world.trail.recordsOf(receipt);
  const state = receiptState(records, await world.trail.unseal(shownCommitments(records)));
  return state?.team === policy.team ? state : undefined;
}

/** The state after MultiMail was asked; what the trail knows is answer enough when MultiMail gives none. */
async function freshState(
  state: ReceiptState,
  policy: TeamPolicy,
  learntBy: LearntBy,
  world: World,
): Promise<ReceiptState> {
  if (state.emailId === undefined) return state;
  await world.look(state.receipt, learntBy);
  return (await stateOf(state.receipt, policy, world)) ?? state;
}
