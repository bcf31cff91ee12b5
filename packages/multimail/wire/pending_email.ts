import { z } from "zod";
import { list, member, shape } from "../codec/shape.ts";
import { ADDRESSES, ID, INSTANT, TEXT, WORDS } from "../codec/values.ts";

/** An email that waits for a decision, as far as MultiMail shows it: no cc, bcc, attachments or `send_at`. */
export interface PendingEmail {
  readonly id: string;
  readonly mailboxId: string;
  /** `inbound` or `outbound`. */
  readonly direction?: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly markdown: string;
  readonly status: string;
  /** ISO 8601 in UTC. */
  readonly receivedAt?: string;
}

const EMAIL = shape<PendingEmail>({
  id: member("id", ID),
  mailboxId: member("mailbox_id", ID),
  direction: member("direction", TEXT),
  from: member("from", WORDS),
  to: member("to", ADDRESSES),
  subject: member("subject", WORDS),
  markdown: member("body_markdown", WORDS),
  status: member("status", z.string()),
  receivedAt: member("received_at", INSTANT),
});

const LIST = shape<{ readonly emails: readonly PendingEmail[] }>({ emails: list("emails", EMAIL) });

/** Reads the answer of `GET /v1/oversight/pending`. Throws a `ZodError` when it is none. */
export function readPendingEmails(wire: unknown): readonly PendingEmail[] {
  return LIST.read(wire).emails;
}
