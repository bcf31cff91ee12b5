import { type Codec, member, shape } from "../codec/shape.ts";
import { INSTANT, NUMBER } from "../codec/values.ts";

/** What the account has used in a period. */
export interface Usage {
  /** ISO 8601 in UTC. */
  readonly from?: string;
  /** ISO 8601 in UTC. */
  readonly to?: string;
  readonly emailsSent?: number;
  readonly emailsReceived?: number;
  readonly apiCalls?: number;
  readonly oversightActions?: number;
}

/** The answer of `GET /v1/usage`. */
export const USAGE: Codec<Usage> = shape<Usage>({
  from: member("from", INSTANT),
  to: member("to", INSTANT),
  emailsSent: member("emails_sent", NUMBER),
  emailsReceived: member("emails_received", NUMBER),
  apiCalls: member("api_calls", NUMBER),
  oversightActions: member("oversight_actions", NUMBER),
});
