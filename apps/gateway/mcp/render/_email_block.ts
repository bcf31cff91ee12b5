import type { EmailSummary } from "@countersign/multimail";
import type { Fence } from "../text/fence.ts";
import { oneLine } from "../text/one_line.ts";

/** One email of a list: what MultiMail says of it, then what its sender wrote, fenced. */
export function emailBlock(email: EmailSummary, index: number, fence: Fence): string {
  return `${index + 1}. ${factsOf(email)}\n${fence.wrap(headersOf(email))}`;
}

/** What MultiMail says of an email. */
export function factsOf(email: EmailSummary): string {
  return [
    `email_id: ${oneLine(email.id, 200)}`,
    ...(email.receivedAt === undefined ? [] : [email.receivedAt]),
    oneLine(email.status, 60),
    ...(email.direction === undefined ? [] : [oneLine(email.direction, 20)]),
    ...(email.threadId === undefined ? [] : [`thread_id: ${oneLine(email.threadId, 200)}`]),
    ...(email.hasAttachments ? ["has attachments"] : []),
    ...(email.spamVerdict === undefined ? [] : [`spam check: ${oneLine(email.spamVerdict, 60)}`]),
    ...(email.bouncedAt === undefined ? [] : [`bounced ${email.bouncedAt}`]),
  ].join(" | ");
}

/** Who wrote an email about what, a line each. */
export function headersOf({ from, subject }: EmailSummary): string {
  return `From: ${oneLine(from, 160)}\nSubject: ${oneLine(subject, 240)}`;
}
