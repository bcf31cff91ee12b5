import type { ReceiptState } from "../../enforce/receipt_state.ts";
import { oneLine } from "../text/one_line.ts";
import type { ToolAnswer } from "./tool_answer.ts";
import { VERDICTS } from "./verdicts.ts";

/** What became of a receipt. */
export function renderState(state: ReceiptState): ToolAnswer {
  const { word, meaning } = VERDICTS[state.status];
  const ids = [
    ["email_id", state.emailId],
    ["thread_id", state.threadId],
    ["MultiMail's status", state.multimailStatus],
    ["approved by", state.approvedBy],
  ].flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${oneLine(value, 200)}`]));
  return {
    text: [
      `${word}: ${meaning}.`,
      `Receipt: ${state.receipt} (${state.action}, asked for at ${state.at} by ${state.assistant})`,
      ...(ids.length > 0 ? [ids.join(" | ")] : []),
      ...(state.message === undefined ? [] : [`Why: ${oneLine(state.message, 700)}`]),
    ].join("\n"),
    isError: false,
  };
}
