import { hash } from "node:crypto";
import type { NotifyMailbox } from "@countersign/core/policy";
import { type Delivery, type NoticeMessage, noticeWords } from "@countersign/lifecycle";
import { type MultiMailClient, MultiMailError } from "@countersign/multimail";

/** Modes in which MultiMail holds nothing: it would hold the notice itself. */
const FREE: ReadonlySet<string | undefined> = new Set(["monitored", "autonomous"]);

/** To whom a notice goes, and from where. */
export interface SendNoticeOptions {
  readonly client: MultiMailClient;
  readonly mailbox: NotifyMailbox;
  /** Canonical addresses. */
  readonly people: readonly string[];
}

/**
 * Sends a notice by email, to each person by itself: none learns who the others are, and an address that takes none keeps it from
 * nobody else. Each has an idempotency key of its own, so that another attempt reaches only those whom the one before did not.
 */
export async function sendNotice(
  message: NoticeMessage,
  { client, mailbox, people }: SendNoticeOptions,
): Promise<Delivery> {
  if (people.length === 0) return { ok: false, code: "nobody", mayRetry: false };
  try {
    const problem = problemOf(await client.getMailbox(mailbox.id), mailbox);
    if (problem !== undefined) return { ok: false, code: problem, mayRetry: true };
  } catch (error) {
    return failureOf(error);
  }
  const { title, detail, action } = noticeWords(message, { to: "person" });
  const markdown = `${title}.\n\n${detail}\n\n${action}: ${message.link}\n\nWhat they say is only shown there, after you have signed in. Opening the link decides nothing.`;
  let failure: Extract<Delivery, { ok: false }> | undefined;
  let sent = 0;
  for (const person of people) {
    try {
      await client.send(
        mailbox.id,
        { to: [person], subject: title, markdown },
        { idempotencyKey: `${message.id}-${hash("sha256", person).slice(0, 32)}` },
      );
      sent++;
    } catch (error) {
      // It took the same email from an earlier attempt.
      if (error instanceof MultiMailError && error.code === "conflict") sent++;
      else failure ??= failureOf(error);
    }
  }
  return failure === undefined ? { ok: true, people: sent } : { ...failure, people: sent };
}

function problemOf(
  live: { readonly address: string; readonly oversightMode?: string; readonly isActive?: boolean },
  { address }: NotifyMailbox,
): string | undefined {
  if (live.isActive === false) return "mailbox_inactive";
  if (live.address.toLowerCase() !== address.toLowerCase()) return "mailbox_other_address";
  return FREE.has(live.oversightMode) ? undefined : "mailbox_gated";
}

function failureOf(error: unknown): Extract<Delivery, { ok: false }> {
  if (!(error instanceof MultiMailError)) throw error;
  const { code, retryAfterMs } = error;
  return {
    ...{ ok: false, code: `multimail_${code}`, mayRetry: true },
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}
