import type { Outcome } from "../enforce/outcome.ts";
import { type Rendered, renderOutcome, takenMessage } from "./render.ts";

/**
 * MultiMail's clients take 403 for a key without the scope, and say so instead of what the answer says. Of every other
 * status they show the text.
 */
const DENIED_STATUS = 422;

/**
 * An outcome as MultiMail answers, with what is ours beside it. An email of which MultiMail has told no id yet has its
 * receipt instead: the caller must not take it for lost and send it again.
 */
export function renderMultimail(outcome: Outcome, requestId: string): Rendered {
  switch (outcome.kind) {
    case "taken": {
      const { receipt, status, emailId, threadId, multimailStatus } = outcome;
      return {
        status: 202,
        body: {
          id: emailId ?? receipt,
          status: multimailStatus ?? status,
          thread_id: threadId ?? null,
          message: takenMessage(outcome),
          receipt,
          request_id: requestId,
        },
      };
    }
    case "duplicate": {
      const { receipt, state } = outcome;
      return {
        status: 200,
        body: {
          id: state.emailId ?? receipt,
          status: "already_sent",
          idempotent: true,
          thread_id: state.threadId ?? null,
          receipt,
          request_id: requestId,
        },
      };
    }
    case "answered":
      if (outcome.answer.action === "cancel") {
        const { emailId, receipt, multimailStatus, status } = outcome.answer.state;
        return { status: 200, body: { id: emailId ?? receipt, status: multimailStatus ?? status } };
      }
      return renderOutcome(outcome, requestId);
    default: {
      const rendered = renderOutcome(outcome, requestId);
      return rendered.status === 403 ? { ...rendered, status: DENIED_STATUS } : rendered;
    }
  }
}
