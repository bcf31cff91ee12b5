import type { Thread } from "@countersign/multimail";
import { BoundedText } from "../text/bounded_text.ts";
import { createFence } from "../text/fence.ts";
import { emailBlock } from "./_email_block.ts";
import type { ToolAnswer } from "./tool_answer.ts";

/** One conversation, its newest email first. */
export function renderThread(thread: Thread, receipt: string): ToolAnswer {
  const fence = createFence();
  const text = new BoundedText();
  const emails = [...thread.emails].sort((a, b) => ((a.receivedAt ?? "") < (b.receivedAt ?? "") ? 1 : -1));
  text.add(
    `OK: ${emails.length === 1 ? "1 email" : `${emails.length} emails`} in this conversation, newest first.`,
  );
  text.add(`Receipt: ${receipt}`);
  text.add(fence.notice);
  const shown = text.addAll(emails.map((email, index) => emailBlock(email, index, fence)));
  const older = emails.length - shown;
  return {
    text: text.end(
      ...(older > 0 ? [`${older} older ones are not shown: check_inbox finds them by their subject.`] : []),
      "read_email with an email_id shows its text.",
    ),
    isError: false,
  };
}
