import { Hono } from "hono";
import * as z from "zod";
import type { Account } from "../account/account.ts";
import type { AllowlistEntry } from "../account/mailbox.ts";
import { record } from "../account/record.ts";
import { ApiError } from "../http/api_error.ts";
import { findMailbox } from "../http/find_in_path.ts";
import { readBody } from "../http/read_input.ts";
import { requireOperatorCode } from "../http/require_operator_code.ts";
import { requireScope, type SandboxEnv } from "../http/require_scope.ts";
import { ALLOWLIST_PATTERN } from "../wire/allowlist_pattern.ts";

const approval_code = z.string().max(16).exactOptional();
const ADD_BODY = z.object({
  pattern: ALLOWLIST_PATTERN,
  note: z.string().max(200).exactOptional(),
  approval_code,
});
const REMOVE_BODY = z.object({ approval_code });

/** Who a `gated_send` mailbox may write to without approval. Every change needs the operator. */
export function allowlistRoutes(account: Account): Hono<SandboxEnv> {
  const app = new Hono<SandboxEnv>();
  const isAdmin = requireScope(account, "admin");

  app.get("/mailboxes/:mailboxId/allowlist", requireScope(account, "read"), (c) => {
    const { id, allowlist } = findMailbox(account, c);
    return c.json({ entries: allowlist.map(writeEntry), mailbox_id: id, count: allowlist.length });
  });

  app.post("/mailboxes/:mailboxId/allowlist", isAdmin, async (c) => {
    const mailbox = findMailbox(account, c);
    const body = await readBody(c, ADD_BODY);
    const { pattern, note = null } = body;
    if (mailbox.allowlist.some((entry) => entry.pattern.toLowerCase() === pattern.toLowerCase())) {
      throw new ApiError(409, "Pattern is already on the allowlist");
    }
    const request = { purpose: "add_to_allowlist", mailbox_id: mailbox.id, detail: pattern } as const;
    const mailed = requireOperatorCode(account, request, body.approval_code);
    if (mailed !== undefined) return c.json(mailed, 202);
    const entry: AllowlistEntry = {
      id: account.newId(),
      pattern,
      addedBy: c.var.key.id,
      addedAt: account.now(),
      note,
    };
    mailbox.allowlist = [...mailbox.allowlist, entry];
    record(account, c.var.key, { action: "allowlist.add", resourceType: "allowlist", resourceId: entry.id });
    return c.json(writeEntry(entry), 201);
  });

  // Where MultiMail takes the code of a removal is undocumented: here from the body or the query.
  app.delete("/mailboxes/:mailboxId/allowlist/:entryId", isAdmin, async (c) => {
    const mailbox = findMailbox(account, c);
    const entry = mailbox.allowlist.find(({ id }) => id === c.req.param("entryId"));
    if (entry === undefined) throw new ApiError(404, "Allowlist entry not found");
    const body = await readBody(c, REMOVE_BODY);
    const request = {
      purpose: "remove_from_allowlist",
      mailbox_id: mailbox.id,
      detail: entry.pattern,
    } as const;
    const mailed = requireOperatorCode(account, request, body.approval_code ?? c.req.query("approval_code"));
    if (mailed !== undefined) return c.json(mailed, 202);
    mailbox.allowlist = mailbox.allowlist.filter((other) => other !== entry);
    record(account, c.var.key, {
      action: "allowlist.remove",
      resourceType: "allowlist",
      resourceId: entry.id,
    });
    return c.json({ status: "removed" });
  });

  return app;
}

function writeEntry({
  id,
  pattern,
  addedBy,
  addedAt,
  note,
}: AllowlistEntry): Record<string, string | number | null> {
  return { id, pattern, added_by: addedBy, added_at: addedAt, note };
}
