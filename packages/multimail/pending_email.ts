import { z } from "zod";
import { ADDRESSES, defined, ID, INSTANT, TEXT } from "./_wire.ts";

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

const WIRE = z.looseObject({
  emails: z.array(
    z.looseObject({
      id: ID,
      mailbox_id: ID,
      direction: TEXT,
      from: TEXT,
      to: ADDRESSES,
      subject: TEXT,
      body_markdown: TEXT,
      status: z.string(),
      received_at: INSTANT,
    }),
  ),
});

/** Converts the answer of `GET /v1/oversight/pending`. Throws a `ZodError` when it is none. */
export function convertPendingEmails(wire: unknown): readonly PendingEmail[] {
  return WIRE.parse(wire).emails.map((email) =>
    defined({
      id: email.id,
      mailboxId: email.mailbox_id,
      direction: email.direction,
      from: email.from ?? "",
      to: email.to,
      subject: email.subject ?? "",
      markdown: email.body_markdown ?? "",
      status: email.status,
      receivedAt: email.received_at,
    }),
  );
}
