import type { EmailPage } from "@countersign/multimail";
import { BoundedText } from "../text/bounded_text.ts";
import { createFence } from "../text/fence.ts";
import { oneLine } from "../text/one_line.ts";
import { emailBlock } from "./_email_block.ts";
import type { ToolAnswer } from "./tool_answer.ts";

/** A page of the mailbox, and how to get what is not on it. */
export function renderInbox({ emails, cursor }: EmailPage, receipt: string): ToolAnswer {
  const fence = createFence();
  const text = new BoundedText();
  text.add(`OK: ${emails.length === 1 ? "1 email" : `${emails.length} emails`}.`);
  text.add(`Receipt: ${receipt}`);
  if (emails.length > 0) text.add(fence.notice);
  const shown = text.addAll(emails.map((email, index) => emailBlock(email, index, fence)));
  const [newest] = emails;
  return {
    text: text.end(
      ...(shown < emails.length
        ? [
            `Only the first ${shown} are shown, since more would be too long: ask again with limit ${shown}, then with its cursor.`,
          ]
        : cursor === undefined
          ? []
          : [`There is older email: ask again with cursor ${oneLine(cursor, 500)}`]),
      ...(newest === undefined
        ? []
        : [`To see later what is new: check_inbox with since_id ${oneLine(newest.id, 200)}`]),
    ),
    isError: false,
  };
}
