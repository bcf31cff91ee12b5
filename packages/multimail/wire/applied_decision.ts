import { z } from "zod";
import { type Codec, member, shape } from "../codec/shape.ts";
import { TEXT } from "../codec/values.ts";

/** What MultiMail made of an approval or a rejection. */
export interface AppliedDecision {
  /** `approved`, `approved_and_sent` or `rejected`; others are text. */
  readonly status: string;
  readonly postmarkMessageId?: string;
}

/** The answer of `POST /v1/oversight/decide`. */
export const APPLIED_DECISION: Codec<AppliedDecision> = shape<AppliedDecision>({
  status: member("status", z.string()),
  postmarkMessageId: member("postmark_message_id", TEXT),
});
