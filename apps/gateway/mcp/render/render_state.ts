import type { ReceiptState } from "@countersign/lifecycle";
import type { WaitingEmails } from "../../enforce/outcome.ts";
import { BoundedText } from "../text/bounded_text.ts";
import { createFence, type Fence } from "../text/fence.ts";
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
    ["asked for by", state.user],
    ["approved by", state.approvedBy],
    ["revises", state.revises],
  ].flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${oneLine(value, 200)}`]));
  return {
    text: [
      `${word}: ${meaning}.`,
      `Receipt: ${state.receipt} (${state.action}, asked for at ${state.at} by ${state.assistant})`,
      ...(ids.length > 0 ? [ids.join(" | ")] : []),
      ...(state.message === undefined ? [] : [`Why: ${oneLine(state.message, 700)}`]),
      ...emailOf(state, createFence()),
    ].join("\n"),
    isError: false,
  };
}

/** The assistant's emails that wait, as many as fit. */
export function renderWaiting({ states, more }: WaitingEmails, receipt: string): ToolAnswer {
  const text = new BoundedText();
  const count = states.length === 1 ? "1 email of yours waits" : `${states.length} emails of yours wait`;
  text.add(`OK: ${states.length === 0 ? "no email of yours waits" : count}.`);
  text.add(`Receipt: ${receipt}`);
  const fence = createFence();
  const shown = text.addAll(
    states.map((state, index) =>
      [
        `${index + 1}. ${VERDICTS[state.status].word} | ${state.receipt} | ${state.action}, asked for at ${state.at}`,
        ...emailOf(state, fence),
      ].join("\n"),
    ),
  );
  return {
    text: text.end(
      ...(shown < states.length || more
        ? [`Only the newest ${shown} are shown; email_status with a receipt tells of another.`]
        : []),
    ),
    isError: false,
  };
}

/** Whom an email goes to and what about. Of a reply that is what others wrote. */
function emailOf({ recipients, subject, action }: ReceiptState, fence: Fence): readonly string[] {
  const lines = [
    ...(recipients.length > 0 ? [`To: ${recipientsOf(recipients)}`] : []),
    ...(subject === undefined ? [] : [`Subject: ${oneLine(subject, 240)}`]),
  ];
  if (lines.length === 0) return [];
  return action === "reply" ? [fence.notice, fence.wrap(lines.join("\n"))] : lines;
}

/** More are counted. */
const MAX_NAMED = 10;

function recipientsOf(recipients: ReceiptState["recipients"]): string {
  const named = recipients
    .slice(0, MAX_NAMED)
    .map(({ field, address }) => `${oneLine(address, 160)}${LABEL[field] ?? ""}`);
  const left = recipients.length - named.length;
  return `${named.join(", ")}${left > 0 ? ` and ${left} more` : ""}`;
}

const LABEL: Readonly<Record<string, string>> = { cc: " (Cc)", bcc: " (Bcc)" };
