import { Hono, type MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { Account } from "./account/account.ts";
import { injectFaults } from "./extras/inject_faults.ts";
import { sandboxRoutes } from "./extras/sandbox_routes.ts";
import { ApiError } from "./http/api_error.ts";
import type { SandboxEnv } from "./http/require_scope.ts";
import { accountRoutes } from "./routes/account_routes.ts";
import { allowlistRoutes } from "./routes/allowlist_routes.ts";
import { emailRoutes } from "./routes/email_routes.ts";
import { mailboxRoutes } from "./routes/mailbox_routes.ts";
import { oversightRoutes } from "./routes/oversight_routes.ts";
import { sendRoutes } from "./routes/send_routes.ts";
import { upgradeRoutes } from "./routes/upgrade_routes.ts";
import { webhookRoutes } from "./routes/webhook_routes.ts";

/** All routes over one account: MultiMail's under `/v1`, the sandbox's own under `/sandbox`. */
export function createApp(account: Account): Hono<SandboxEnv> {
  const app = new Hono<SandboxEnv>();

  app.use((_, next) => {
    account.agenda.run();
    return next();
  });
  app.get("/health", (c) => c.json({ status: "ok" }));

  app.use("/v1/*", injectFaults(account.faults), limitBody);
  for (const routes of [
    sendRoutes,
    emailRoutes,
    mailboxRoutes,
    allowlistRoutes,
    upgradeRoutes,
    oversightRoutes,
    webhookRoutes,
    accountRoutes,
  ]) {
    app.route("/v1", routes(account));
  }

  app.use("/sandbox/*", requireLoopback, limitBody);
  app.route("/sandbox", sandboxRoutes(account));

  app.notFound((c) => c.json({ error: "No such route" }, 404));
  app.onError((error, c) => {
    if (error instanceof ApiError) return c.json({ error: error.message }, error.status, error.headers);
    console.error(error);
    return c.json({ error: "Internal server error" }, 500);
  });
  return app;
}

/** In bytes. MultiMail's own bound is unknown; Postmark, which sends for it, takes 10 MB. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;

function refuse(): never {
  throw new ApiError(413, `Request body is larger than ${MAX_BODY_BYTES} bytes`);
}

const limitUndeclared = bodyLimit({ maxSize: MAX_BODY_BYTES, onError: refuse });

/** Refuses a body that is too large with 413. A declared length is enough: the HTTP parser holds the sender to it. */
const limitBody: MiddlewareHandler = (c, next) => {
  if (c.req.header("transfer-encoding") !== undefined) return limitUndeclared(c, next);
  if (Number(c.req.header("content-length") ?? 0) > MAX_BODY_BYTES) refuse();
  return next();
};

const LOOPBACK = /^(::ffff:)?127\.|^::1$/;

/** Lets only this machine pass: the sandbox's own routes need no key. */
const requireLoopback: MiddlewareHandler<SandboxEnv> = (c, next) => {
  if (!LOOPBACK.test(c.env.incoming.socket.remoteAddress ?? "")) {
    throw new ApiError(403, "The sandbox's own routes answer this machine only");
  }
  return next();
};
