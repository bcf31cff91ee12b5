import type { Action, EmailAction, InvalidAction, ListAction } from "@countersign/core/action";
import { parseAddress } from "@countersign/core/address";
import { isInternal } from "@countersign/core/decision";
import type { TeamPolicy } from "@countersign/core/policy";
import { type EmailQuery, MultiMailError, type Thread } from "@countersign/multimail";
import { append } from "./append.ts";
import { failureOf } from "./failure.ts";
import { intentEntry } from "./intent_entry.ts";
import type { JudgedByPolicy } from "./judged.ts";
import type { Answer, Answered, Failed } from "./outcome.ts";
import { outcomeEntry } from "./outcome_entry.ts";
import { lifecycleCommitments, type ReceiptState, receiptState } from "./receipt_state.ts";
import type { LearntBy, World } from "./world.ts";

/** What an assistant can ask for besides letting an email leave. */
export type Question = Exclude<Action, EmailAction | InvalidAction>;

/** MultiMail's status of inbound email that a person has not released yet: nobody here is shown it. */
const HELD_INBOUND = "pending_inbound_approval";

/** Does what was allowed, reading or taking back, between its intent and its outcome on record. */
export async function answerQuestion(
  question: Question,
  judged: JudgedByPolicy,
  world: World,
): Promise<Answered | Failed> {
  const { receipt } = judged;
  const intent = intentEntry(judged);
  await append(intent, world);
  try {
    const answer = await ask(question, judged, world);
    if (answer === undefined) {
      const message = "There is no such thing in your team's mailbox";
      await append(
        outcomeEntry(intent, world.clock(), { result: "refused", code: "not_found", message }),
        world,
      );
      return { kind: "failed", receipt, code: "not_found", message };
    }
    const outside = isFromOutside(answer, judged.policy);
    await append(outcomeEntry(intent, world.clock(), { result: "answered", outside }), world);
    return { kind: "answered", receipt, answer };
  } catch (error) {
    if (!(error instanceof MultiMailError)) throw error;
    const failure = failureOf(error);
    const code = question.name === "cancel" && error.code === "conflict" ? "not_cancellable" : failure.code;
    const message = code === "not_cancellable" ? NOT_CANCELLABLE : failure.message;
    const recorded = code === "not_cancellable" ? { code, message } : failure.recorded;
    await append(outcomeEntry(intent, world.clock(), { result: "refused", ...recorded }), world);
    const { retryAfterMs } = error;
    return { kind: "failed", receipt, code, message, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  }
}

const NOT_CANCELLABLE = "The email has left, or was decided on: it cannot be taken back";

/** Whether the answer shows text of somebody outside the company; null when it shows no email. */
function isFromOutside(answer: Answer, policy: TeamPolicy): boolean | null {
  const senders = sendersOf(answer);
  if (senders === undefined) return null;
  return senders.some((sender) => {
    const parsed = parseAddress(sender);
    const own = policy.mailbox.address.toLowerCase();
    return !parsed.ok || (parsed.address.key !== own && !isInternal(policy, parsed.address));
  });
}

function sendersOf(answer: Answer): readonly string[] | undefined {
  switch (answer.action) {
    case "inbox":
      return answer.page.emails.map(({ from }) => from);
    case "thread":
      return answer.thread.emails.map(({ from }) => from);
    case "read":
    case "attachment":
      return [answer.email.from];
    default:
      return undefined;
  }
}

/** Undefined: there is no such thing, or it is not this caller's to see. */
async function ask(
  question: Question,
  { call, policy }: JudgedByPolicy,
  world: World,
): Promise<Answer | undefined> {
  const client = world.clientFor(policy);
  const { id } = policy.mailbox;
  switch (question.name) {
    case "inbox": {
      if (question.show === "mailbox") return { action: "mailbox", mailbox: await client.getMailbox(id) };
      const page = await client.listEmails(id, queryOf(question));
      return {
        action: "inbox",
        page: { ...page, emails: page.emails.filter(({ status }) => status !== HELD_INBOUND) },
      };
    }
    case "read": {
      const email = await client.getEmail(id, question.emailId);
      if (email.status === HELD_INBOUND) return undefined;
      if (question.attachment === undefined) return { action: "read", email };
      const attachment = await client.getAttachment(id, question.emailId, question.attachment);
      return { action: "attachment", email, attachment };
    }
    case "thread": {
      const thread = withoutHeld(await client.getThread(id, question.threadId));
      return thread.emails.length === 0 ? undefined : { action: "thread", thread };
    }
    case "status": {
      const { team, assistant } = call.caller;
      const receipt = question.receipt ?? (await world.trail.latestReceipt(team, assistant));
      const state = receipt === undefined ? undefined : await stateOf(receipt, policy, world);
      return state && { action: "status", state: await freshState(state, policy, "polling", world) };
    }
    case "cancel": {
      const { emailId = "" } = question;
      const receipt = question.receipt ?? (await world.trail.receiptOf(emailId));
      const state = receipt === undefined ? undefined : await stateOf(receipt, policy, world);
      // An assistant takes back its own email only: another's is none of its business.
      if (state?.assistant !== call.caller.assistant || state.emailId === undefined) return undefined;
      const { status } = await client.cancel(id, state.emailId);
      const after = await freshState(state, policy, "answer", world);
      return { action: "cancel", state: { ...after, status: "cancelled", multimailStatus: status } };
    }
  }
}

function queryOf(list: ListAction): EmailQuery {
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

/** The thread without the email that waits for a person, and without what would tell of it. */
function withoutHeld(thread: Thread): Thread {
  const emails = thread.emails.filter(({ status }) => status !== HELD_INBOUND);
  if (emails.length === thread.emails.length) return thread;
  return {
    threadId: thread.threadId,
    emails,
    participants: [...new Set(emails.flatMap(({ from, to, cc }) => [from, ...to, ...cc]))],
    messageCount: emails.length,
  };
}

async function stateOf(receipt: string, policy: TeamPolicy, world: World): Promise<ReceiptState | undefined> {
  const records = await world.trail.recordsOf(receipt);
  const state = receiptState(records, await world.trail.unseal(lifecycleCommitments(records)));
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
