import { z } from "zod";
import { defined, TEXT } from "./_wire.ts";

/** What MultiMail made of an approval or a rejection. */
export interface AppliedDecision {
  /** `approved`, `approved_and_sent` or `rejected`; others are text. */
  readonly status: string;
  readonly postmarkMessageId?: string;
}

const WIRE = z.looseObject({ status: z.string(), postmark_message_id: TEXT });

/** Converts the answer of `POST /v1/oversight/decide`. Throws a `ZodError` when it is none. */
export function convertAppliedDecision(wire: unknown): AppliedDecision {
  const { status, postmark_message_id } = WIRE.parse(wire);
  return defined({ status, postmarkMessageId: postmark_message_id });
}
