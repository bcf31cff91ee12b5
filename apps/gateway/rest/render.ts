import type { Decision } from "@countersign/core/decision";
import { formatWhere } from "@countersign/core/policy";
import type { ReceiptState } from "@countersign/lifecycle";
import { EMAIL, EMAIL_PAGE, MAILBOX, THREAD } from "@countersign/multimail";
import { addedTo } from "../door/added_to.ts";
import { messageOf } from "../door/message_of.ts";
import { type Code, STATUS_OF_CODE } from "../enforce/code.ts";
import type { Outcome, Taken } from "../enforce/outcome.ts";

/** An answer of the REST door: status, JSON, and how long to wait before trying again. */
export interface Rendered {
  readonly status: number;
  readonly body: unknown;
  readonly retryAfterMs?: number;
}

/** An outcome as the contract's JSON. Attachments, which are no JSON, are the door's own matter. */
export function renderOutcome(outcome: Outcome, requestId: string): Rendered {
  switch (outcome.kind) {
    case "denied": {
      const reasons = reasonsOf(outcome.decision);
      return {
        status: STATUS_OF_CODE[outcome.code],
        body: {
          error: reasons[0]?.message ?? "Not allowed",
          code: outcome.code,
          reasons,
          receipt: outcome.receipt,
          request_id: requestId,
        },
      };
    }
    case "failed":
      return {
        ...renderFailure(outcome.code, outcome.message, requestId, outcome.receipt),
        ...(outcome.retryAfterMs !== undefined && { retryAfterMs: outcome.retryAfterMs }),
      };
    case "taken":
      return {
        status: 202,
        body: {
          status: outcome.status,
          id: outcome.emailId ?? null,
          receipt: outcome.receipt,
          thread_id: outcome.threadId ?? null,
          multimail_status: outcome.multimailStatus ?? null,
          message: takenMessage(outcome),
          request_id: requestId,
        },
      };
    case "duplicate":
      return {
        status: 202,
        body: {
          status: "duplicate_of",
          duplicate_of: outcome.receipt,
          id: outcome.state.emailId ?? null,
          receipt: outcome.receipt,
          first_status: outcome.state.status,
          message: "The same email was asked for a short while ago; nothing was sent again",
          request_id: requestId,
        },
      };
    case "answered":
      return { status: 200, body: renderAnswer(outcome.answer) };
  }
}

/** A failure without a decision. */
export function renderFailure(code: Code, message: string, requestId: string, receipt?: string): Rendered {
  return {
    status: STATUS_OF_CODE[code],
    body: { error: message, code, reasons: [], receipt: receipt ?? null, request_id: requestId },
  };
}

/** What a caller is told of an email that MultiMail took, or may have, and of what the policy added to it. */
export function takenMessage({ status, decision }: Taken): string {
  return [TAKEN_MESSAGE[status], ...addedTo(decision)].join(". ");
}

const TAKEN_MESSAGE: Readonly<Record<Taken["status"], string>> = {
  pending: "Held for a person's approval; it has not been sent",
  scheduled: "Accepted; it leaves at the time asked for",
  queued: "Accepted for delivery; no approval is needed",
  unconfirmed: "MultiMail did not answer: do not send again, ask for the receipt",
};

function renderAnswer(answer: Extract<Outcome, { kind: "answered" }>["answer"]): unknown {
  switch (answer.action) {
    case "inbox":
      return EMAIL_PAGE.write(answer.page);
    case "mailbox":
      // Where MultiMail posts a mailbox's events is none of an assistant's business, and may hold a secret.
      return MAILBOX.write({ ...answer.mailbox, webhookUrl: null, oversightWebhookUrl: null });
    case "read":
    case "attachment":
      return EMAIL.write(answer.email);
    case "thread":
      return THREAD.write(answer.thread);
    case "status":
    case "cancel":
      return renderState(answer.state);
    case "waiting":
      return { waiting: answer.waiting.states.map(renderState), more: answer.waiting.more };
  }
}

function renderState(state: ReceiptState): unknown {
  return {
    receipt: state.receipt,
    status: state.status,
    id: state.emailId ?? null,
    thread_id: state.threadId ?? null,
    multimail_status: state.multimailStatus ?? null,
    action: state.action,
    assistant: state.assistant,
    at: state.at,
    subject: state.subject ?? null,
    ...Object.fromEntries(
      ["to", "cc", "bcc", "participant"].map((name) => [
        name === "participant" ? "replied_to" : name,
        state.recipients.filter(({ field }) => field === name).map(({ address }) => address),
      ]),
    ),
    approved_by: state.approvedBy ?? null,
    ...(state.user !== undefined && { user: state.user }),
    ...(state.revises !== undefined && { revises: state.revises }),
    message: state.message ?? null,
  };
}

function reasonsOf({ findings, recipients }: Decision) {
  return findings
    .filter(({ effect }) => effect === "deny")
    .map((finding) => ({
      rule: finding.rule,
      message: messageOf(finding, recipients),
      ...(finding.where !== undefined && { where: formatWhere(finding.where) }),
    }));
}
