import { isEmailAction } from "@countersign/core/action";
import { requirementOfAll } from "@countersign/core/decision";
import { approvalWords } from "@countersign/core/instructions";
import { messageOf } from "../../door/message_of.ts";
import type { Taken } from "../../enforce/outcome.ts";
import { BoundedText } from "../text/bounded_text.ts";
import { oneLine } from "../text/one_line.ts";
import type { AskedOfTool, ToolAnswer } from "./tool_answer.ts";
import { VERDICTS } from "./verdicts.ts";

/** More names than these help nobody. */
const MAX_NAMES = 20;

/** An email that is on its way: held, scheduled, accepted, or nobody knows. */
export function renderTaken(outcome: Taken, { action, policy }: AskedOfTool): ToolAnswer {
  const { decision, receipt, status } = outcome;
  const { word, meaning } = VERDICTS[status];
  const required = decision.requirements ?? (policy ? [requirementOfAll(policy)] : []);
  const approvers = approvalWords(required);
  const text = new BoundedText();
  text.add(
    status === "pending" && approvers
      ? `${word}: the email waits for approval by ${approvers}; it has not been sent.`
      : `${word}: ${meaning}.`,
  );
  text.add(`Receipt: ${receipt}`);
  if (outcome.emailId !== undefined) {
    const thread = outcome.threadId === undefined ? "" : ` | thread_id: ${oneLine(outcome.threadId, 200)}`;
    text.add(`email_id: ${oneLine(outcome.emailId, 200)}${thread}`);
  }
  const names = decision.recipients.flatMap(({ parsed }) => (parsed.ok ? [parsed.address.address] : []));
  const more = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : "";
  text.add(`Recipients: ${names.slice(0, MAX_NAMES).join(", ")}${more}`);
  const sendAt = decision.sendAt ?? (isEmailAction(action) ? action.draft.sendAt : undefined);
  if (sendAt !== undefined)
    text.add(`Leaves at: ${sendAt}${status === "pending" ? ", if approved by then" : ""}`);
  text.addAll(
    decision.findings
      .filter(({ effect }) => effect === "flag" || effect === "note")
      .map((finding) => `Note: ${finding.rule}: ${oneLine(messageOf(finding, decision.recipients), 400)}`),
  );
  return { text: text.end(...ADVICE[status]), isError: false };
}

const ADVICE: Readonly<Record<Taken["status"], readonly string[]>> = {
  pending: [
    'Tell the user: "Your email waits for approval; I have not sent it."',
    "Do not send it again. email_status with this receipt tells what becomes of it.",
  ],
  scheduled: ["Do not send it again. email_status with this receipt tells what becomes of it."],
  queued: ["Do not send it again. email_status with this receipt tells whether it was delivered."],
  unconfirmed: [
    "The gateway keeps asking MultiMail. In a minute, ask email_status with this receipt, and tell the user that it is not known yet.",
  ],
};
