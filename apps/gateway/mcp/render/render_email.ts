import type { Email } from "@countersign/multimail";
import { BoundedText } from "../text/bounded_text.ts";
import { cleanText } from "../text/clean_text.ts";
import { createFence } from "../text/fence.ts";
import { oneLine } from "../text/one_line.ts";
import { takePage } from "../text/take_page.ts";
import { factsOf, headersOf } from "./_email_block.ts";
import type { ToolAnswer } from "./tool_answer.ts";

/** More names than these help nobody. */
const MAX_NAMES = 20;

/** What a fence's two marks take. */
const FENCE_BYTES = 64;

/** One email, and as much of its body from `offset` on as fits. */
export function renderEmail(email: Email, receipt: string, offset: number): ToolAnswer {
  const fence = createFence();
  const { text: body, removed } = cleanText(email.markdown);
  const text = new BoundedText();
  text.add("OK: one email.");
  text.add(`Receipt: ${receipt}`);
  text.add(factsOf(email));
  text.add(fence.notice);
  text.add(fence.wrap([headersOf(email), ...namesOf(email)].join("\n")));
  if (removed > 0) text.add(`Hidden characters taken out of its body: ${removed}`);
  const begin = Math.min(offset, body.length);
  const whole = `Body, characters ${begin} to `;
  const end = takePage(body, begin, text.free - FENCE_BYTES - whole.length - 40);
  text.add(body === "" ? "It has no body." : `${whole}${end} of ${body.length}:`);
  if (end > begin) text.add(fence.wrap(body.slice(begin, end)));
  return {
    text: text.end(
      ...(end < body.length
        ? [`The body goes on: read_email with this email_id and offset ${end}.`]
        : [`The body ends here.`]),
    ),
    isError: false,
  };
}

function namesOf({ to, cc, attachments }: Email): readonly string[] {
  const files = attachments.map(({ name, contentType, size }) => {
    const facts = [contentType, size === undefined ? undefined : `${size} bytes`].filter(Boolean).join(", ");
    return facts === "" ? name : `${name} (${facts})`;
  });
  return [...line("To", to), ...line("Cc", cc), ...line("Attachments", files)];
}

function line(label: string, names: readonly string[]): readonly string[] {
  if (names.length === 0) return [];
  const shown = names.slice(0, MAX_NAMES).map((name) => oneLine(name, 120));
  const rest = names.length - shown.length;
  return [`${label}: ${shown.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`];
}
