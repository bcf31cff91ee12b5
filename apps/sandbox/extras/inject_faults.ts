import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { Context, MiddlewareHandler, Next } from "hono";
import type { Fault, FaultName, Faults } from "../account/faults.ts";
import type { SandboxEnv } from "../http/require_scope.ts";

const HANG_MS = 120_000;
const SLOW_MS = 3000;

type FaultHandler = (c: Context<SandboxEnv>, next: Next, fault: Fault) => Promise<Response>;

const HANDLERS: Record<FaultName, FaultHandler> = {
  drop_before_accept: async (c) => drop(c),
  drop_after_accept: async (c, next) => {
    await next();
    return drop(c);
  },
  error_500_before: async (c) => c.json({ error: "Internal server error" }, 500),
  error_500_after: async (c, next) => {
    await next();
    return replace(c, c.json({ error: "Internal server error" }, 500));
  },
  // The nastier of the two readings: the email is taken, and the caller never learns it.
  hang: async (c, next) => {
    await next();
    const { socket } = c.env.incoming;
    const timer = setTimeout(() => socket.destroy(), HANG_MS);
    if (!socket.destroyed) await once(socket, "close");
    clearTimeout(timer);
    return drop(c);
  },
  rate_limited: async (c) => c.json({ error: "Rate limit exceeded" }, 429, { "retry-after": "1" }),
  quota: async (c) => c.json({ error: "Monthly email quota exceeded" }, 429),
  warmup: async (c) =>
    c.json(
      {
        error: "Daily warm-up limit reached",
        warmup_stage: 1,
        daily_sent: 50,
        daily_limit: 50,
        hint: "New accounts may send more every day. Try again tomorrow",
      },
      429,
    ),
  malformed_json: async (c, next) => {
    await next();
    const text = await c.res.text();
    return replace(c, new Response(text.slice(0, -1), c.res));
  },
  slow: async (c, next, { delay_ms = SLOW_MS }) => {
    await next();
    await sleep(delay_ms, undefined, { ref: false });
    return c.res;
  },
};

/** Makes the requests go wrong that a waiting fault hits. */
export function injectFaults(faults: Faults): MiddlewareHandler<SandboxEnv> {
  return (c, next) => {
    const fault = faults.take(c.req.method, c.req.path);
    return fault === undefined ? next() : HANDLERS[fault.fault](c, next, fault);
  };
}

/** Breaks the connection without an answer. */
function drop(c: Context<SandboxEnv>): Response {
  c.env.incoming.socket.destroy();
  return replace(c, RESPONSE_ALREADY_SENT);
}

/** Answers with this instead of what was answered; Hono would merge the two. */
function replace(c: Context<SandboxEnv>, response: Response): Response {
  c.res = undefined;
  c.res = response;
  return response;
}
