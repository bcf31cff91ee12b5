import { z } from "zod";
import { defined, FLAG, ID, TEXT } from "./_wire.ts";

/** MultiMail has taken an email. */
export interface AcceptedEmail {
  readonly id: string;
  /** MultiMail's text, mostly `pending_scan`; what becomes of the email shows later. */
  readonly status: string;
  readonly threadId?: string;
  /** MultiMail had taken this idempotency key before: nothing new was sent. */
  readonly repeated: boolean;
}

const WIRE = z.looseObject({ id: ID, status: z.string(), thread_id: TEXT, idempotent: FLAG });

/** Converts the answer of a send or a reply. Throws a `ZodError` when it is none. */
export function convertAcceptedEmail(wire: unknown): AcceptedEmail {
  const { id, status, thread_id, idempotent } = WIRE.parse(wire);
  return defined({
    id,
    status,
    threadId: thread_id,
    repeated: idempotent === true || status === "already_sent",
  });
}
