import { Hono } from "hono";
import type { Account } from "./account/account.ts";
import { injectFaults } from "./extras/inject_faults.ts";
import { sandboxRoutes } from "./extras/sandbox_routes.ts";
import { ApiError } from "./http/api_error.ts";
import { limitBody } from "./http/limit_body.ts";
import { requireLoopback } from "./http/require_loopback.ts";
import type { SandboxEnv } from "./http/sandbox_env.ts";
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
