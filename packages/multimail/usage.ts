import { z } from "zod";
import { defined, INSTANT, NUMBER } from "./_wire.ts";

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

const WIRE = z.looseObject({
  from: INSTANT,
  to: INSTANT,
  emails_sent: NUMBER,
  emails_received: NUMBER,
  api_calls: NUMBER,
  oversight_actions: NUMBER,
});

/** Converts the answer of `GET /v1/usage`. Throws a `ZodError` when it is none. */
export function convertUsage(wire: unknown): Usage {
  const usage = WIRE.parse(wire);
  return defined({
    from: usage.from,
    to: usage.to,
    emailsSent: usage.emails_sent,
    emailsReceived: usage.emails_received,
    apiCalls: usage.api_calls,
    oversightActions: usage.oversight_actions,
  });
}
