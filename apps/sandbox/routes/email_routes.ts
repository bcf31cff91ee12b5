import { Hono } from "hono";
import * as z from "zod";
import type { Account } from "../account/account.ts";
import type { Email } from "../account/email.ts";
import { record } from "../account/record.ts";
import { ApiError } from "../http/api_error.ts";
import { findEmail, findMailbox } from "../http/find_in_path.ts";
import { parseInput, readBody } from "../http/read_input.ts";
import { readPage } from "../http/read_page.ts";
import { requireScope, type SandboxEnv } from "../http/require_scope.ts";
import { emailFilter, LIST_QUERY } from "../wire/list_query.ts";
import { writeEmail, writeEmailSummary } from "../wire/write_email.ts";
import { writeThread } from "../wire/write_thread.ts";

const TAGS_BODY = z.strictObject({ tags: z.record(z.string(), z.string()) });

/** Reading a mailbox, and the tags of its email. */
export function emailRoutes(account: Account): Hono<SandboxEnv> {
  const app = new Hono<SandboxEnv>();
  const canRead = requireScope(account, "read");

  // Email that awaits inbound approval is listed with its status: hiding it is left to whoever reads for an assistant.
  app.get("/mailboxes/:mailboxId/emails", canRead, (c) => {
    const mailbox = findMailbox(account, c);
    const query = parseInput(LIST_QUERY, c.req.query());
    const { items, cursor } = readPage(mailbox.emails, {
      limit: query.limit,
      filter: emailFilter(query),
      ...(query.cursor !== undefined && { cursor: query.cursor }),
      ...(query.since_id !== undefined && { sinceId: query.since_id }),
    });
    return c.json({ emails: items.map(writeEmailSummary), cursor });
  });

  app.get("/mailboxes/:mailboxId/emails/:emailId", canRead, (c) => {
    const email = findEmail(account, c);
    if (email.status === "unread") email.status = "read";
    return c.json(writeEmail(email));
  });

  app.get("/mailboxes/:mailboxId/emails/:emailId/attachments/:filename", canRead, (c) => {
    const name = c.req.param("filename");
    const attachment = findEmail(account, c).attachments.find((candidate) => candidate.name === name);
    if (attachment === undefined) throw new ApiError(404, "Attachment not found");
    return c.body(Buffer.from(attachment.content_base64, "base64"), 200, {
      "content-type": attachment.content_type,
    });
  });

  app.get("/mailboxes/:mailboxId/threads/:threadId", canRead, (c) => {
    const mailbox = findMailbox(account, c);
    const thread: readonly Email[] = account.threads.get(c.req.param("threadId")) ?? [];
    if (thread[0]?.mailboxId !== mailbox.id) throw new ApiError(404, "Thread not found");
    return c.json(writeThread(c.req.param("threadId"), thread));
  });

  app.get("/mailboxes/:mailboxId/emails/:emailId/tags", canRead, (c) =>
    c.json({ tags: findEmail(account, c).tags }),
  );

  // Replaces all, as the description says; the official client expects a union, so a careful caller writes one.
  app.put("/mailboxes/:mailboxId/emails/:emailId/tags", requireScope(account, "send"), async (c) => {
    const email = findEmail(account, c);
    const { tags } = await readBody(c, TAGS_BODY);
    email.tags = tags;
    record(account, c.var.key, { action: "email.tags", resourceType: "email", resourceId: email.id });
    return c.json({ tags });
  });

  return app;
}
