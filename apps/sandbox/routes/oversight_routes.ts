import { Hono } from "hono";
import * as z from "zod";
import type { Account } from "../account/account.ts";
import { record } from "../account/record.ts";
import { ApiError } from "../http/api_error.ts";
import { readBody } from "../http/read_input.ts";
import { requireScope, type SandboxEnv } from "../http/require_scope.ts";
import { decideEmail } from "../mail/decide_email.ts";
import { writePending } from "../wire/write_pending.ts";

const DECISION_BODY = z.object({
  email_id: z.string().max(64),
  action: z.enum(["approve", "reject"]),
  reason: z.string().max(2000).exactOptional(),
});

/** What waits for a person, of the whole account and without paging, and the person's decision. */
export function oversightRoutes(account: Account): Hono<SandboxEnv> {
  const app = new Hono<SandboxEnv>();
  const canOversee = requireScope(account, "oversight");

  app.get("/oversight/pending", canOversee, (c) =>
    c.json({ emails: [...account.held.values()].map(writePending) }),
  );

  app.post("/oversight/decide", canOversee, async (c) => {
    const { email_id, action, reason } = await readBody(c, DECISION_BODY);
    const email = account.emails.get(email_id);
    if (email === undefined) throw new ApiError(404, "Email not found");
    const answer = decideEmail(account, email, action);
    record(account, c.var.key, {
      action: `oversight.${action}`,
      resourceType: "email",
      resourceId: email.id,
      ...(reason !== undefined && { metadata: { reason } }),
    });
    return c.json(answer);
  });

  return app;
}
