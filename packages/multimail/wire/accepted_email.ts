import { z } from "zod";
import { member, shape } from "../codec/shape.ts";
import { FLAG, ID, TEXT } from "../codec/values.ts";

/** MultiMail has taken an email. */
export interface AcceptedEmail {
  readonly id: string;
  /** MultiMail's text, mostly `pending_scan`; what becomes of the email shows later. */
  readonly status: string;
  readonly threadId?: string;
  /** MultiMail had taken this idempotency key before: nothing new was sent. */
  readonly repeated: boolean;
}

const ACCEPTED = shape<Omit<AcceptedEmail, "repeated"> & { readonly idempotent?: boolean }>({
  id: member("id", ID),
  status: member("status", z.string()),
  threadId: member("thread_id", TEXT),
  idempotent: member("idempotent", FLAG),
});

/** Reads the answer of a send or a reply. Throws a `ZodError` when it is none. */
export function readAcceptedEmail(wire: unknown): AcceptedEmail {
  const { idempotent, ...email } = ACCEPTED.read(wire);
  return { ...email, repeated: idempotent === true || email.status === "already_sent" };
}
