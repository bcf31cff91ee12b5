import type { SendAction } from "@countersign/core/action";
import { addedTo } from "../../door/added_to.ts";
import type { Outcome } from "../../enforce/outcome.ts";
import { BoundedText } from "../text/bounded_text.ts";
import { oneLine } from "../text/one_line.ts";
import { reasonLines } from "./render_denied.ts";
import type { ToolAnswer } from "./tool_answer.ts";
import { VERDICTS } from "./verdicts.ts";

/** So long that 50 recipients fit. */
const MAX_LINE_BYTES = 360;

/** What became of a report's email to each recipient, in the order asked. */
export function renderReport(actions: readonly SendAction[], outcomes: readonly Outcome[]): ToolAnswer {
  const counts = new Map<string, number>();
  const lines = outcomes.map((outcome, index) => {
    const { word, detail } = resultOf(outcome);
    counts.set(word, (counts.get(word) ?? 0) + 1);
    const recipient = oneLine(actions[index]?.recipients[0]?.text ?? "", 100);
    return oneLine(`${index + 1}. ${recipient}: ${word}, ${detail}`, MAX_LINE_BYTES);
  });
  const summary = [...counts].map(([word, count]) => `${count} ${word}`).join(", ");
  const text = new BoundedText();
  text.add(`${summary}: what became of each email of the report is listed below.`);
  text.addAll(lines);
  const added = outcomes.flatMap((outcome) => (outcome.kind === "taken" ? addedTo(outcome.decision) : []));
  text.addAll([...new Set(added)].map((sentence) => `Note: compose: ${oneLine(sentence, 400)}`));
  return {
    text: text.end(
      ...[...counts.keys()].flatMap((word) => ADVICE[word] ?? []),
      "email_status with a receipt tells what becomes of that email.",
    ),
    isError: outcomes.every(({ kind }) => kind === "denied" || kind === "failed"),
  };
}

function resultOf(outcome: Outcome): { readonly word: string; readonly detail: string } {
  const receipt = outcome.receipt === undefined ? "" : `receipt ${outcome.receipt}`;
  switch (outcome.kind) {
    case "taken":
      return { word: VERDICTS[outcome.status].word, detail: receipt };
    case "duplicate":
      return {
        word: "DUPLICATE",
        detail: `${receipt} (the first one), ${VERDICTS[outcome.state.status].word}`,
      };
    case "denied":
      return {
        word: "DENIED",
        detail: `${receipt} (${outcome.code}) ${reasonLines(outcome.decision).join(" ")}`,
      };
    case "failed":
      return { word: "FAILED", detail: `${receipt} (${outcome.code}) ${outcome.message}` };
    case "answered":
      throw new TypeError("Cannot show a report: an email of it was answered like a question");
  }
}

const ADVICE: Readonly<Record<string, string>> = {
  HELD: 'HELD emails wait for approval: tell the user "They wait for approval; I have not sent them."',
  DENIED: "DENIED emails were not sent: tell the user why, and do not try to get around it.",
  FAILED: "FAILED emails were not sent.",
  UNCONFIRMED: "UNCONFIRMED: nobody knows yet whether it left. Do not send it again.",
  DUPLICATE: "DUPLICATE: the same was asked for a short while ago; nothing was sent again.",
};
