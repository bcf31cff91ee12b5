import type { Answered, Duplicate, Outcome } from "../../enforce/outcome.ts";
import { renderDenied } from "./render_denied.ts";
import { renderEmail } from "./render_email.ts";
import { renderFailed } from "./render_failed.ts";
import { renderInbox } from "./render_inbox.ts";
import { renderState, renderWaiting } from "./render_state.ts";
import { renderTaken } from "./render_taken.ts";
import { renderThread } from "./render_thread.ts";
import type { AskedOfTool, ToolAnswer } from "./tool_answer.ts";
import { VERDICTS } from "./verdicts.ts";

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

/** A request that came before: it is answered with what became of the first one. */
function renderDuplicate({ receipt, state }: Duplicate): ToolAnswer {
  const { word, meaning } = VERDICTS[state.status];
  return {
    text: [
      "DUPLICATE: the same email was asked for a short while ago; nothing was sent again.",
      `Receipt: ${receipt} (the first one)`,
      `${word}: ${meaning}.`,
      "Only if the user wants the same email twice, give a new idempotency_key.",
    ].join("\n"),
    isError: false,
  };
}
