import type { Action } from "@countersign/core/action";
import type { AttachmentContent } from "@countersign/multimail";
import { type Context, Hono } from "hono";
import type { Outcome } from "../enforce/outcome.ts";
import type { RestEnv } from "./answer.ts";
import { answer } from "./answer.ts";
import {
  parseMultimailList,
  parseMultimailPath,
  parseMultimailReply,
  parseMultimailSend,
} from "./parse_multimail.ts";
import type { Rendered } from "./render.ts";
import { renderMultimail } from "./render_multimail.ts";

/** Has the caller's action handled. */
export type Ask = (c: Context<RestEnv>, action: Action) => Promise<Outcome>;

/** Reads the request's body. */
export type Read = (
  c: Context<RestEnv>,
  attempted: string,
  parse: (body: unknown) => Action,
) => Promise<Action>;

const MAILBOX = "/v1/mailboxes/:mailboxId";
const EMAIL = `${MAILBOX}/emails/:emailId` as const;

/** MultiMail's own routes that assistants may use: a MultiMail client that is pointed at the gateway is governed like any other caller. */
export function multimailRoutes(ask: Ask, read: Read): Hono<RestEnv> {
  const routes = new Hono<RestEnv>();

  routes.get("/v1/mailboxes", async (c) => {
    const rendered = await act(c, { name: "inbox", show: "mailbox" });
    return answer(
      c,
      inside(rendered, (mailbox) => ({ mailboxes: [mailbox] })),
    );
  });
  routes.get(MAILBOX, async (c) =>
    answer(c, await act(c, { name: "inbox", show: "mailbox", mailboxId: c.req.param("mailboxId") })),
  );
  routes.post(`${MAILBOX}/send`, async (c) => {
    const parse = (body: unknown) => parseMultimailSend(c.req.param("mailboxId"), body);
    return answer(c, await act(c, await read(c, "send", parse)));
  });
  routes.post(`${MAILBOX}/reply/:emailId`, async (c) => {
    const { mailboxId, emailId } = c.req.param();
    const parse = (body: unknown) => parseMultimailReply(mailboxId, emailId, body);
    return answer(c, await act(c, await read(c, "reply", parse)));
  });
  routes.get(`${MAILBOX}/emails`, async (c) =>
    answer(c, await act(c, parseMultimailList(c.req.param("mailboxId"), c.req.query()))),
  );
  routes.get(EMAIL, async (c) => answer(c, await act(c, parseMultimailPath("read", c.req.param()))));
  routes.get(`${EMAIL}/tags`, async (c) => {
    const rendered = await act(c, parseMultimailPath("read", c.req.param()));
    return answer(
      c,
      inside(rendered, ({ tags }) => ({ tags: tags ?? {} })),
    );
  });
  routes.get(`${EMAIL}/attachments/:filename`, async (c) => {
    const outcome = await ask(c, parseMultimailPath("read", c.req.param()));
    if (outcome.kind === "answered" && outcome.answer.action === "attachment") {
      return sendAttachment(outcome.answer.attachment);
    }
    return answer(c, renderMultimail(outcome, c.get("requestId")));
  });
  routes.post(`${EMAIL}/cancel`, async (c) =>
    answer(c, await act(c, parseMultimailPath("cancel", c.req.param()))),
  );
  routes.get(`${MAILBOX}/threads/:threadId`, async (c) =>
    answer(c, await act(c, parseMultimailPath("thread", c.req.param()))),
  );
  return routes;

  async function act(c: Context<RestEnv>, action: Action): Promise<Rendered> {
    return renderMultimail(await ask(c, action), c.get("requestId"));
  }
}

/** The same answer, if it is one, in another shape. */
function inside(rendered: Rendered, shape: (body: Readonly<Record<string, unknown>>) => object): Rendered {
  if (rendered.status !== 200) return rendered;
  return { ...rendered, body: shape(rendered.body as Readonly<Record<string, unknown>>) };
}

/** What a stranger attached is handed on as a file, never as a page of ours. */
function sendAttachment(attachment: AttachmentContent): Response {
  const { contentType } = attachment;
  if (attachment.kind === "url") return Response.json({ content_type: contentType, url: attachment.url });
  return new Response(new Uint8Array(attachment.bytes), {
    headers: {
      "Content-Type": contentType,
      "Content-Disposition": "attachment",
      "X-Content-Type-Options": "nosniff",
    },
  });
}
