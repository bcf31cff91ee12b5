import { Hono } from "hono";
import * as z from "zod";
import type { Account } from "../account/account.ts";
import { isLooser, OVERSIGHT_MODES } from "../account/mailbox.ts";
import { record } from "../account/record.ts";
import { ApiError } from "../http/api_error.ts";
import { findMailbox } from "../http/find_in_path.ts";
import { readBody } from "../http/read_input.ts";
import { requireScope, type SandboxEnv } from "../http/require_scope.ts";

const HOUR = 60 * 60_000;
const REQUESTS_PER_HOUR = 3;
const MODE = z.enum(OVERSIGHT_MODES);
const REQUEST_BODY = z.object({ target_mode: MODE });
const UPGRADE_BODY = z.object({ code: z.string().max(16) });

/** Loosening a mailbox's mode with the operator's code. The scope `send` is enough for both calls, as at MultiMail. */
export function upgradeRoutes(account: Account): Hono<SandboxEnv> {
  const app = new Hono<SandboxEnv>();
  const canSend = requireScope(account, "send");

  app.post("/mailboxes/:mailboxId/request-upgrade", canSend, async (c) => {
    const mailbox = findMailbox(account, c);
    const { target_mode } = await readBody(c, REQUEST_BODY);
    if (!isLooser(target_mode, mailbox.oversightMode)) {
      throw new ApiError(400, `target_mode must be looser than ${mailbox.oversightMode}`);
    }
    const now = account.now();
    const recent = mailbox.upgradeRequests.filter((at) => at > now - HOUR);
    if (recent.length >= REQUESTS_PER_HOUR) {
      throw new ApiError(429, `Upgrade requests are limited to ${REQUESTS_PER_HOUR} an hour`, {
        "retry-after": String(Math.ceil(((recent[0] ?? now) + HOUR - now) / 1000)),
      });
    }
    mailbox.upgradeRequests = [...recent, now];
    account.codes.mail({ purpose: "upgrade", mailbox_id: mailbox.id, detail: target_mode });
    record(account, c.var.key, {
      action: "mailbox.request_upgrade",
      resourceType: "mailbox",
      resourceId: mailbox.id,
      metadata: { target_mode },
    });
    return c.json({ status: "upgrade_requested" });
  });

  app.post("/mailboxes/:mailboxId/upgrade", canSend, async (c) => {
    const mailbox = findMailbox(account, c);
    const { code } = await readBody(c, UPGRADE_BODY);
    const mail = account.codes.redeem(code, { purpose: "upgrade", mailbox_id: mailbox.id });
    if (mail === undefined) throw new ApiError(403, "Invalid or expired upgrade code");
    mailbox.oversightMode = MODE.parse(mail.detail);
    record(account, c.var.key, {
      action: "mailbox.upgrade",
      resourceType: "mailbox",
      resourceId: mailbox.id,
      metadata: { oversight_mode: mail.detail },
    });
    return c.json({ status: "upgraded" });
  });

  return app;
}
