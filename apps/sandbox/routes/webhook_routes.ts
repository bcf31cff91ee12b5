import { Hono } from "hono";
import * as z from "zod";
import type { Account } from "../account/account.ts";
import { record } from "../account/record.ts";
import { WEBHOOK_EVENTS, type Webhook } from "../account/webhook_sender.ts";
import { ApiError } from "../http/api_error.ts";
import { readBody } from "../http/read_input.ts";
import { requireOperatorCode } from "../http/require_operator_code.ts";
import { requireScope, type SandboxEnv } from "../http/require_scope.ts";
import { writeTime } from "../wire/write_time.ts";

const CREATE_BODY = z.object({
  // MultiMail itself wants https; on one machine there is only http.
  url: z.url({ protocol: /^https?$/ }).max(2048),
  events: z.array(z.enum(WEBHOOK_EVENTS)).min(1),
  mailbox_id: z.string().max(64).exactOptional(),
  approval_code: z.string().max(16).exactOptional(),
});

/** The subscriptions. All share the account's one signing secret. */
export function webhookRoutes(account: Account): Hono<SandboxEnv> {
  const app = new Hono<SandboxEnv>();
  const isAdmin = requireScope(account, "admin");
  const { subscriptions, secret } = account.webhooks;

  app.get("/webhooks", isAdmin, (c) => c.json({ subscriptions: subscriptions.map(writeWebhook) }));

  app.post("/webhooks", isAdmin, async (c) => {
    const body = await readBody(c, CREATE_BODY);
    const { url, events, mailbox_id = null } = body;
    if (mailbox_id !== null && !account.mailboxes.has(mailbox_id))
      throw new ApiError(404, "Mailbox not found");
    const request = { purpose: "create_webhook", mailbox_id, detail: `${url} ${events.join(" ")}` } as const;
    const mailed = requireOperatorCode(account, request, body.approval_code);
    if (mailed !== undefined) return c.json(mailed, 202);
    const webhook: Webhook = {
      id: account.newId(),
      url,
      events,
      mailboxId: mailbox_id,
      createdAt: account.now(),
    };
    subscriptions.push(webhook);
    record(account, c.var.key, { action: "webhook.create", resourceType: "webhook", resourceId: webhook.id });
    return c.json({ ...writeWebhook(webhook), signing_secret: secret }, 201);
  });

  return app;
}

/** A subscription in a list (MultiMail schema `Webhook`), without its secret. */
interface WebhookWire {
  readonly id: string;
  readonly url: string;
  readonly events: readonly string[];
  readonly mailbox_id: string | null;
  readonly created_at: string;
}

/** Writes a subscription. */
function writeWebhook({ id, url, events, mailboxId, createdAt }: Webhook): WebhookWire {
  return { id, url, events, mailbox_id: mailboxId, created_at: writeTime(createdAt) };
}
