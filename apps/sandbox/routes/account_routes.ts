import { Hono } from "hono";
import * as z from "zod";
import type { Account } from "../account/account.ts";
import { parseInput } from "../http/read_input.ts";
import { readPage } from "../http/read_page.ts";
import { requireScope, type SandboxEnv } from "../http/require_scope.ts";
import { writeTime } from "../wire/write_time.ts";

const PREFIX_LENGTH = "mm_test_".length + 4;
const QUOTA = 1_000_000;

const AUDIT_QUERY = z.object({
  limit: z
    .string()
    .regex(/^\d{1,3}$/)
    .transform(Number)
    .pipe(z.int().min(1).max(100))
    .default(50),
  cursor: z.string().max(64).exactOptional(),
});

/** The account itself: its plan and use, its keys, its log. */
export function accountRoutes(account: Account): Hono<SandboxEnv> {
  const app = new Hono<SandboxEnv>();
  const canRead = requireScope(account, "read");
  const isAdmin = requireScope(account, "admin");

  app.get("/account", canRead, (c) =>
    c.json({
      id: account.id,
      name: "Sandbox",
      slug: account.slug,
      plan: "scale",
      oversight_email: account.oversightEmail,
      monthly_email_quota: QUOTA,
      emails_sent_this_month: account.outbox.length,
      max_mailboxes: 1000,
      is_active: true,
      sending_disabled: false,
      sending_disabled_reason: null,
    }),
  );

  app.get("/usage", canRead, (c) => {
    const now = new Date(account.now());
    return c.json({
      from: Date.UTC(now.getUTCFullYear(), now.getUTCMonth()),
      to: now.getTime(),
      emails_sent: account.outbox.length,
      emails_received: account.usage.received,
      api_calls: account.usage.apiCalls,
      oversight_actions: account.usage.oversightActions,
    });
  });

  app.get("/api-keys", isAdmin, (c) =>
    c.json({
      api_keys: [...account.keys.values()].map((key) => ({
        id: key.id,
        name: key.name,
        prefix: key.secret.slice(0, PREFIX_LENGTH),
        scopes: key.scopes,
        created_at: writeTime(key.createdAt),
        last_used_at: key.lastUsedAt === null ? null : writeTime(key.lastUsedAt),
        is_active: true,
      })),
    }),
  );

  app.get("/audit-log", isAdmin, (c) => {
    const { items, cursor } = readPage(account.auditLog, parseInput(AUDIT_QUERY, c.req.query()));
    const entries = items.map((entry) => ({
      id: entry.id,
      action: entry.action,
      resource_type: entry.resourceType,
      resource_id: entry.resourceId,
      actor_key_id: entry.actorKeyId,
      metadata: entry.metadata,
      created_at: writeTime(entry.createdAt),
    }));
    return c.json({ entries, cursor });
  });

  return app;
}
