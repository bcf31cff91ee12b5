import type { Answered, Outcome } from "../../enforce/outcome.ts";
import type { AskedOfTool } from "./asked_of_tool.ts";
import { renderDenied } from "./render_denied.ts";
import { renderDuplicate } from "./render_duplicate.ts";
import { renderEmail } from "./render_email.ts";
import { renderFailed } from "./render_failed.ts";
import { renderInbox } from "./render_inbox.ts";
import { renderState, renderWaiting } from "./render_state.ts";
import { renderTaken } from "./render_taken.ts";
import { renderThread } from "./render_thread.ts";
import type { ToolAnswer } from "./tool_answer.ts";

/** An outcome in words for the model: verdict, receipt, details, always below 20 KiB. */
export function renderOutcome(outcome: Outcome, asked: AskedOfTool): ToolAnswer {
  switch (outcome.kind) {
    case "denied":
      return renderDenied(outcome, asked);
    case "failed":
      return renderFailed(outcome, asked);
    case "taken":
      return renderTaken(outcome, asked);
    case "duplicate":
      return renderDuplicate(outcome);
    case "answered":
      return renderAnswer(outcome, asked);
  }
}

function renderAnswer({ answer, receipt }: Answered, { offset }: AskedOfTool): ToolAnswer {
  switch (answer.action) {
    case "inbox":
      return renderInbox(answer.page, receipt);
    case "read":
      return renderEmail(answer.email, receipt, offset);
    case "thread":
      return renderThread(answer.thread, receipt);
    case "status":
    case "cancel":
      return renderState(answer.state);
    case "waiting":
      return renderWaiting(answer.waiting, receipt);
    case "attachment":
    case "mailbox":
      throw new TypeError(`Cannot show an answer of kind ${answer.action}: no tool asks for one`);
  }
}
