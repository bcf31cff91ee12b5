import { type Context, Hono } from "hono";
import type { Account } from "../account/account.ts";
import type { Draft, Email } from "../account/email.ts";
import { record } from "../account/record.ts";
import { findEmail, findMailbox } from "../http/find_in_path.ts";
import { readBody } from "../http/read_input.ts";
import { requireScope, type SandboxEnv } from "../http/require_scope.ts";
import { type Acceptance, acceptEmail } from "../mail/accept_email.ts";
import { cancelEmail } from "../mail/cancel_email.ts";
import { REPLY_BODY, type ReplyBody, SEND_BODY } from "../wire/send_body.ts";

/** What a key with the scope `send` can do to email: send, reply, cancel. */
export function sendRoutes(account: Account): Hono<SandboxEnv> {
  const app = new Hono<SandboxEnv>();
  const canSend = requireScope(account, "send");

  app.post("/mailboxes/:mailboxId/send", canSend, async (c) => {
    const mailbox = findMailbox(account, c);
    const body = await readBody(c, SEND_BODY);
    const acceptance = acceptEmail(account, mailbox, {
      ...draftOf(body),
      to: body.to,
      subject: body.subject,
      sendAt: body.send_at === undefined ? null : Date.parse(body.send_at),
      gateTiming: body.gate_timing ?? "gate_first",
    });
    return answer(c, "email.send", acceptance);
  });

  app.post("/mailboxes/:mailboxId/reply/:emailId", canSend, async (c) => {
    const mailbox = findMailbox(account, c);
    const original = findEmail(account, c);
    const body = await readBody(c, REPLY_BODY);
    const draft: Draft = {
      ...draftOf(body),
      to: original.direction === "inbound" ? [addressIn(original.from)] : original.to,
      subject: replySubject(original),
      sendAt: null,
      gateTiming: "gate_first",
    };
    return answer(c, "email.reply", acceptEmail(account, mailbox, draft, original.threadId));
  });

  app.post("/mailboxes/:mailboxId/emails/:emailId/cancel", canSend, (c) => {
    const email = findEmail(account, c);
    cancelEmail(account, email);
    record(account, c.var.key, { action: "email.cancel", resourceType: "email", resourceId: email.id });
    return c.json({ id: email.id, status: email.status });
  });

  function answer(c: Context<SandboxEnv>, action: string, acceptance: Acceptance): Response {
    if (acceptance.kind === "repeated") {
      return c.json({ id: acceptance.id, status: "already_sent", idempotent: true });
    }
    const { id, status, threadId } = acceptance.email;
    record(account, c.var.key, { action, resourceType: "email", resourceId: id });
    return c.json({ id, status, thread_id: threadId, message: "Accepted, and being scanned" }, 202);
  }

  return app;
}

function draftOf(body: ReplyBody): Pick<Draft, "cc" | "bcc" | "markdown" | "attachments" | "idempotencyKey"> {
  return {
    cc: body.cc ?? [],
    bcc: body.bcc ?? [],
    markdown: body.markdown,
    attachments: body.attachments ?? [],
    idempotencyKey: body.idempotency_key ?? null,
  };
}

function replySubject({ subject }: Email): string {
  return /^re:/i.test(subject) ? subject : `Re: ${subject}`;
}

/** The address of a sender who may have written a name before it. */
function addressIn(from: string): string {
  return /<([^<>]+)>\s*$/.exec(from)?.[1] ?? from;
}
