/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import { Hono } from "hono";
import { apiRoutes } from "./api/api_routes.ts";
import type { ConsoleWorld, PageEnv } from "./console_world.ts";
import { assetRoutes } from "./looks/assets.ts";
import { NAV, navFor } from "./looks/nav.ts";
import { Page } from "./looks/page.tsx";
import { Empty } from "./looks/parts.tsx";
import { sendPage } from "./looks/send_page.ts";
import { emailPages } from "./pages/email_pages.tsx";
import { figurePages } from "./pages/figure_pages.tsx";
import { freshPages } from "./pages/fresh_pages.ts";
import { historyPages } from "./pages/history_pages.tsx";
import { incomingPages } from "./pages/incoming_pages.tsx";
import { mailboxPages } from "./pages/mailbox_pages.tsx";
import { notFound } from "./pages/not_found.tsx";
import { policyPages } from "./pages/policy_pages.tsx";
import { queuePages } from "./pages/queue_pages.tsx";
import { settingsPages } from "./pages/settings_pages.tsx";
import { shellPages } from "./pages/shell_pages.tsx";
import { trailPages } from "./pages/trail_pages.tsx";
import { requestGuard } from "./security/request_guard.ts";
import { securityHeaders } from "./security/security_headers.ts";
import { isTls, requireSignIn } from "./sign_in/sessions.ts";
import { signInRoutes } from "./sign_in/sign_in_routes.tsx";

/** What is served to people who are signed in; each part checks by itself who may see what. */
const PAGES: readonly ((world: ConsoleWorld) => Hono<PageEnv>)[] = [
  queuePages,
  emailPages,
  incomingPages,
  policyPages,
  historyPages,
  figurePages,
  trailPages,
  mailboxPages,
  settingsPages,
  freshPages,
  shellPages,
];

/** Puts the console together: who gets in, what they may ask, and the pages. */
export function createApp(world: ConsoleWorld): Hono {
  const app = new Hono();
  // Probes call it by an address.
  app.get("/healthz", (c) => c.json({ status: "ok" }));
  app.use(securityHeaders(isTls(world.settings.consoleUrl)));
  app.use(requestGuard(world.settings));
  app.route("/", assetRoutes());
  app.route("/", signInRoutes(world));
  app.route("/api", apiRoutes(world));

  const pages = new Hono<PageEnv>();
  pages.use(requireSignIn(world));
  pages.get("/", (c) => {
    const [first] = navFor(c.var.person.roles);
    return c.redirect(first?.[1].path ?? NAV.policies.path, 303);
  });
  for (const routes of PAGES) pages.route("/", routes(world));
  pages.all("*", notFound);
  app.route("/", pages);
  app.onError((error, c) => {
    world.log.error({ err: error }, "A page failed");
    return sendPage(
      c,
      <Page title="This did not work">
        <Empty title="Something is wrong on our side">
          <p>Nothing was changed that a page did not say was. Try again; it is in the console's log.</p>
        </Empty>
      </Page>,
      500,
    );
  });
  return app;
}
