import { randomUUID } from "node:crypto";
import {
  type Action,
  FIELDS,
  type InboxAction,
  type InvalidAction,
  invalid,
  invalidFields,
  invalidJson,
  parseReply,
  parseReport,
  parseSend,
  withoutBlanks,
} from "@countersign/core/action";
import { defined } from "@countersign/core/optional";
import { inParallel } from "@countersign/host";
import { type Context, Hono } from "hono";
import { z } from "zod";
import { type Admission, BusyError, maxBodyBytes } from "../door/admission.ts";
import { authenticate } from "../door/authenticate.ts";
import { readAction } from "../door/read_body.ts";
import type { Refusals } from "../door/refusals.ts";
import { urlProblems } from "../door/url_problems.ts";
import { handle } from "../enforce/handle.ts";
import type { Outcome } from "../enforce/outcome.ts";
import type { World } from "../enforce/world.ts";
import type { RestEnv } from "./answer.ts";
import { answer } from "./answer.ts";
import { multimailRoutes } from "./multimail_routes.ts";
import { type Rendered, renderFailure, renderOutcome } from "./render.ts";

/** What the REST door needs besides the world behind it. */
export interface RestDoorOptions {
  readonly refusals: Refusals;
  readonly admission: Admission;
}

/**
 * The REST door: the seed's routes, and those of MultiMail's that assistants may use. Each request is authenticated,
 * turned into an action, handled, and its outcome turned into JSON. What is no action is handled too, as an invalid one,
 * so that it is on record.
 */
export function restDoor(world: World, { refusals, admission }: RestDoorOptions): Hono<RestEnv> {
  const door = new Hono<RestEnv>();

  door.use(async (c, next) => {
    const requestId = randomUUID();
    c.set("requestId", requestId);
    const policies = world.policies();
    const caller = authenticate(c.req.header("authorization"), policies);
    if (!caller.ok) {
      refusals.add("rest", caller.code);
      return answer(c, renderFailure(caller.code, caller.message, requestId));
    }
    c.set("caller", caller.caller);
    c.set("policies", policies);
    const ticket = await admission.enter(`${caller.caller.team}/${caller.caller.assistant}`);
    try {
      ticket.charge();
      c.set("ticket", ticket);
      const problems = urlProblems(c.req.url);
      if (problems.length > 0) return await act(c, invalidJson(`${c.req.method} ${c.req.path}`, problems));
      await next();
      return undefined;
    } finally {
      ticket.leave();
    }
  });

  door.post("/v1/send", (c) => act(c, read(c, "send", parseSend)));
  door.post("/v1/reply", (c) => act(c, read(c, "reply", parseReply)));
  door.post("/v1/report", report);
  door.get("/v1/mailboxes/:id/inbox", (c) => act(c, parseInbox(c.req.param("id"), c.req.query())));
  door.get("/v1/receipts/:receipt", (c) => act(c, parseStatus(c.req.param("receipt"))));
  door.route("/", multimailRoutes(ask, read));
  door.all("*", (c) => {
    const { method, path } = c.req;
    return act(
      c,
      invalid("route_not_governed", `${method} ${path}`, "The gateway does not govern this route"),
    );
  });
  door.onError((error, c) => {
    const requestId = c.get("requestId");
    if (error instanceof BusyError) {
      const { code, message, retryAfterMs } = error;
      refusals.add("rest", code, c.get("caller"));
      return answer(c, { ...renderFailure(code, message, requestId), retryAfterMs });
    }
    world.log.error({ err: error, request: requestId }, "Cannot answer a request");
    return answer(
      c,
      renderFailure(
        "internal_error",
        "The gateway failed; ask for the receipt before you try again",
        requestId,
      ),
    );
  });
  return door;

  async function act(c: Context<RestEnv>, action: Action | Promise<Action>): Promise<Response> {
    return answer(c, await render(c, await action));
  }

  async function render(c: Context<RestEnv>, action: Action): Promise<Rendered> {
    return renderOutcome(await ask(c, action), c.get("requestId"));
  }

  async function ask(c: Context<RestEnv>, action: Action): Promise<Outcome> {
    const [id, caller] = [c.get("requestId"), c.get("caller")];
    const outcome = await handle({ id, door: "rest", caller, action, receivedAt: world.clock() }, world);
    c.get("ticket").settle(outcome);
    return outcome;
  }

  function read<T>(
    c: Context<RestEnv>,
    attempted: string,
    parse: (body: unknown) => T,
  ): Promise<T | InvalidAction> {
    const ticket = c.get("ticket");
    return readAction(c.req.raw, {
      attempted,
      parse,
      max: maxBodyBytes(c.get("policies"), c.get("caller")),
      take: (count) => ticket.takeBytes(count),
    });
  }

  /** One refusal does not stop the rest: each recipient has an answer of its own, in the order asked. */
  async function report(c: Context<RestEnv>): Promise<Response> {
    const actions = await read(c, "report", parseReport);
    if (!Array.isArray(actions)) return act(c, actions as InvalidAction);
    c.get("ticket").charge(actions.length - 1);
    const results = await inParallel(actions, async (action) => {
      const rendered = await render(c, action);
      return { recipient: action.recipients[0]?.text, ...(rendered.body as object) };
    });
    return c.json({ results });
  }
}

const INBOX_QUERY = z.strictObject({
  limit: FIELDS.limitText.optional(),
  cursor: FIELDS.cursor.optional(),
  since_id: FIELDS.sinceId.optional(),
});

/** The query of `GET /v1/mailboxes/{id}/inbox`, for whoever describes it. */
export const SEED_QUERY: z.ZodObject = INBOX_QUERY;

function parseInbox(mailboxId: string, query: unknown): InboxAction | InvalidAction {
  const parsed = INBOX_QUERY.safeParse(withoutBlanks(query, INBOX_QUERY));
  if (!parsed.success) return invalidFields("inbox", parsed.error);
  const { limit = 10, cursor, since_id } = parsed.data;
  return defined({ name: "inbox", mailboxId, limit, cursor, sinceId: since_id });
}

function parseStatus(receipt: string): Action {
  const parsed = FIELDS.receipt.safeParse(receipt);
  return parsed.success ? { name: "status", receipt } : invalidFields("status", parsed.error);
}
