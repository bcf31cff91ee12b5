import type { OversightMode } from "@countersign/core/policy";
import { Hono } from "hono";
import * as z from "zod";
import type { Account } from "../account/account.ts";
import { addMailbox } from "../account/add_mailbox.ts";
import { isLooser, type Mailbox, OVERSIGHT_MODES } from "../account/mailbox.ts";
import { record } from "../account/record.ts";
import { ApiError } from "../http/api_error.ts";
import { findMailbox } from "../http/find_in_path.ts";
import { readBody } from "../http/read_input.ts";
import { requireOperatorCode } from "../http/require_operator_code.ts";
import { requireScope, type SandboxEnv } from "../http/require_scope.ts";
import { writeMailbox } from "../wire/write_mailbox.ts";

const CREATE_BODY = z.object({
  address_local: z
    .string()
    .max(64)
    .regex(/^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$/i, "must be the part before the @"),
  display_name: z.string().max(200).exactOptional(),
  approval_code: z.string().max(16).exactOptional(),
});

const email = z.email().max(254).nullable().exactOptional();
const url = z
  .url({ protocol: /^https?$/ })
  .max(2048)
  .nullable()
  .exactOptional();
const PATCH_BODY = z.object({
  display_name: z.string().max(200).exactOptional(),
  oversight_mode: z.enum(OVERSIGHT_MODES).exactOptional(),
  auto_cc: email,
  auto_bcc: email,
  forward_inbound: z.boolean().exactOptional(),
  webhook_url: url,
  oversight_webhook_url: url,
  signature_block: z.string().max(200).nullable().exactOptional(),
});

/** The mailboxes and their settings. */
export function mailboxRoutes(account: Account): Hono<SandboxEnv> {
  const app = new Hono<SandboxEnv>();
  const canRead = requireScope(account, "read");
  const isAdmin = requireScope(account, "admin");

  app.get("/mailboxes", canRead, (c) =>
    c.json({ mailboxes: [...account.mailboxes.values()].map((mailbox) => writeMailbox(account, mailbox)) }),
  );

  app.get("/mailboxes/:mailboxId", canRead, (c) => c.json(writeMailbox(account, findMailbox(account, c))));

  app.post("/mailboxes", isAdmin, async (c) => {
    const body = await readBody(c, CREATE_BODY);
    const address = `${body.address_local.toLowerCase()}@${account.slug}.multimail.dev`;
    if ([...account.mailboxes.values()].some((mailbox) => mailbox.address === address)) {
      throw new ApiError(409, "Address is taken");
    }
    const request = { purpose: "create_mailbox", mailbox_id: null, detail: address } as const;
    const mailed = requireOperatorCode(account, request, body.approval_code);
    if (mailed !== undefined) return c.json(mailed, 202);
    const mailbox = addMailbox(account, { id: account.newId(), address, oversightMode: "gated_send" });
    mailbox.displayName = body.display_name ?? null;
    log(c.var.key, "mailbox.create", mailbox);
    return c.json({ id: mailbox.id, address }, 201);
  });

  app.patch("/mailboxes/:mailboxId", isAdmin, async (c) => {
    const mailbox = findMailbox(account, c);
    const body = await readBody(c, PATCH_BODY);
    const mode: OversightMode = body.oversight_mode ?? mailbox.oversightMode;
    if (isLooser(mode, mailbox.oversightMode)) {
      throw new ApiError(
        400,
        `oversight_mode can only become stricter than ${mailbox.oversightMode}: use request-upgrade to loosen it`,
      );
    }
    mailbox.oversightMode = mode;
    mailbox.displayName = body.display_name ?? mailbox.displayName;
    mailbox.forwardInbound = body.forward_inbound ?? mailbox.forwardInbound;
    if (body.auto_cc !== undefined) mailbox.autoCc = body.auto_cc;
    if (body.auto_bcc !== undefined) mailbox.autoBcc = body.auto_bcc;
    if (body.webhook_url !== undefined) mailbox.webhookUrl = body.webhook_url;
    if (body.oversight_webhook_url !== undefined) mailbox.oversightWebhookUrl = body.oversight_webhook_url;
    if (body.signature_block !== undefined) mailbox.signatureBlock = body.signature_block;
    log(c.var.key, "mailbox.update", mailbox);
    return c.json({ status: "updated" });
  });

  function log(key: SandboxEnv["Variables"]["key"], action: string, { id }: Mailbox): void {
    record(account, key, { action, resourceType: "mailbox", resourceId: id });
  }

  return app;
}
