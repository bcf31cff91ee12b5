import { Hono } from "hono";
import * as z from "zod";
import type { Account } from "../account/account.ts";
import { setAllowlist } from "../account/add_mailbox.ts";
import { ATTACHMENT } from "../account/attachment.ts";
import type { EmailStatus } from "../account/email.ts";
import { FAULTS } from "../account/faults.ts";
import { OVERSIGHT_MODES } from "../account/mailbox.ts";
import { ApiError } from "../http/api_error.ts";
import { findMailbox } from "../http/find_in_path.ts";
import { readBody } from "../http/read_input.ts";
import type { SandboxEnv } from "../http/require_scope.ts";
import { receiveEmail } from "../mail/receive_email.ts";
import { ALLOWLIST_PATTERN } from "../wire/allowlist_pattern.ts";
import { writeMailbox } from "../wire/write_mailbox.ts";
import { writeTime } from "../wire/write_time.ts";

// Senders write what they like, so only the length is bounded here.
const header = z.string().min(1).max(998);
const INBOUND_BODY = z.strictObject({
  mailbox_id: z.string().max(64),
  from: header,
  to: z.array(header).exactOptional(),
  cc: z.array(header).default([]),
  subject: z.string().max(998),
  markdown: z.string(),
  attachments: z.array(ATTACHMENT).default([]),
  in_reply_to: z.string().max(64).exactOptional(),
});

const mode = z.enum(OVERSIGHT_MODES).exactOptional();
const copy = z.email().nullable().exactOptional();
const SETTINGS_BODY = z.strictObject({
  mode,
  oversight_mode: mode,
  auto_cc: copy,
  auto_bcc: copy,
  allowlist: z.array(ALLOWLIST_PATTERN).exactOptional(),
});

const EMAIL_BODY = z.strictObject({
  status: z.string().max(64).exactOptional(),
  markdown: z.string().exactOptional(),
});

const DECIDER_BODY = z.strictObject({
  name: z.string().min(1).max(320).nullable(),
});

const FAULT_BODY = z.strictObject({
  fault: z.enum(FAULTS),
  count: z.int().min(1).default(1),
  match: z
    .strictObject({ method: z.string().max(16).exactOptional(), path: z.string().max(2048).exactOptional() })
    .exactOptional(),
  delay_ms: z.int().min(0).max(120_000).exactOptional(),
});

/** What MultiMail does not have: the world outside of it, for tests and the demo. */
export function sandboxRoutes(account: Account): Hono<SandboxEnv> {
  const app = new Hono<SandboxEnv>();

  app.get("/outbox", (c) =>
    c.json({
      messages: account.outbox.map(({ email, cc, bcc, deliveredAt }) => ({
        id: email.id,
        mailbox_id: email.mailboxId,
        from: email.from,
        to: email.to,
        cc,
        bcc,
        subject: email.subject,
        markdown: email.markdown,
        attachments: email.attachments,
        delivered_at: writeTime(deliveredAt),
        idempotency_key: email.idempotencyKey,
      })),
    }),
  );

  app.get("/copies", (c) =>
    c.json({
      copies: account.copies.map(({ email, to, at }) => ({ email_id: email.id, to, at: writeTime(at) })),
    }),
  );

  app.get("/operator-mail", (c) => c.json({ messages: account.codes.mails }));

  app.post("/inbound", async (c) => {
    const { mailbox_id, in_reply_to, ...body } = await readBody(c, INBOUND_BODY);
    const mailbox = account.mailboxes.get(mailbox_id);
    if (mailbox === undefined) throw new ApiError(404, "Mailbox not found");
    const original = in_reply_to === undefined ? undefined : account.emails.get(in_reply_to);
    if (in_reply_to !== undefined && original?.mailboxId !== mailbox.id) {
      throw new ApiError(404, "Email in_reply_to not found in this mailbox");
    }
    const { id, threadId, status } = receiveEmail(account, mailbox, {
      ...body,
      to: body.to ?? [mailbox.address],
      ...(original !== undefined && { threadId: original.threadId }),
    });
    return c.json({ id, thread_id: threadId, status }, 201);
  });

  app.post("/mailboxes/:mailboxId", async (c) => {
    const mailbox = findMailbox(account, c);
    const body = await readBody(c, SETTINGS_BODY);
    mailbox.oversightMode = body.mode ?? body.oversight_mode ?? mailbox.oversightMode;
    if (body.auto_cc !== undefined) mailbox.autoCc = body.auto_cc;
    if (body.auto_bcc !== undefined) mailbox.autoBcc = body.auto_bcc;
    if (body.allowlist !== undefined) setAllowlist(account, mailbox, body.allowlist);
    return c.json({
      ...writeMailbox(account, mailbox),
      allowlist: mailbox.allowlist.map(({ pattern }) => pattern),
    });
  });

  // MultiMail documents its statuses, and that others may come: this email has whatever a test wants.
  // Its text too, as if somebody had changed it there.
  app.post("/emails/:emailId", async (c) => {
    const email = account.emails.get(c.req.param("emailId"));
    if (email === undefined) throw new ApiError(404, "Email not found");
    const { status, markdown } = await readBody(c, EMAIL_BODY);
    if (markdown !== undefined) email.markdown = markdown;
    if (status !== undefined) {
      account.held.delete(email.id);
      email.status = status as EmailStatus;
    }
    return c.json({ id: email.id, status: email.status });
  });

  // MultiMail names only the account, as far as anybody knows: from now on it names this person.
  app.post("/decider", async (c) => {
    const { name } = await readBody(c, DECIDER_BODY);
    account.decider = name;
    return c.json({ name: account.decider ?? account.oversightEmail });
  });

  app.get("/faults", (c) => c.json({ faults: account.faults.waiting }));

  app.post("/faults", async (c) => {
    const fault = await readBody(c, FAULT_BODY);
    account.faults.add(fault);
    return c.json(fault, 201);
  });

  app.delete("/faults", (c) => {
    account.faults.clear();
    return c.json({ faults: [] });
  });

  return app;
}
