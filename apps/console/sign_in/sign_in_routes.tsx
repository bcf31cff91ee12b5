/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import { getConnInfo } from "@hono/node-server/conninfo";
import { type Context, Hono } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import type { ConsoleWorld } from "../console_world.ts";
import { Page } from "../looks/page.tsx";
import { Notice } from "../looks/parts.tsx";
import { sendPage } from "../looks/send_page.ts";
import { rolesOf } from "../people/roles.ts";
import { ownPath } from "../security/own_path.ts";
import { RateLimit } from "../security/rate_limit.ts";
import { readForm } from "../security/read_form.ts";
import type { Identity } from "../store/console_store.ts";
import { hashOf, newSecret } from "../store/secret.ts";
import { OidcClient } from "./oidc_client.ts";
import { oidcIdentity } from "./oidc_identity.ts";
import { beginSession, endSession, isOwnForm, isTls, ownCookie, signedIn } from "./sessions.ts";
import { useSignInLink } from "./sign_in_link.ts";

/** How long the issuer may take to answer a sign-in, in milliseconds. */
const ATTEMPT_MS = 10 * 60_000;

/** Sign-ins of one address of the network: what a person needs in a minute, and not what a guesser does. */
const LIMIT = { burst: 20, everyMs: 3_000 };

/** The pages by which people sign in and out. */
export function signInRoutes(world: ConsoleWorld): Hono {
  const { settings, store, clock, log } = world;
  const app = new Hono();
  const limit = new RateLimit(LIMIT);
  const client = settings.consoleAuth === "oidc" ? openClient(world) : undefined;
  const secure = isTls(settings.consoleUrl);
  const cookie = ownCookie("countersign_attempt", settings.consoleUrl);
  const cookieOptions = { path: "/", httpOnly: true, sameSite: "Lax", secure } as const;

  /** Signs in whom the policies know, and says to others why not. */
  const admit = async (c: Context, identity: Identity, returnTo: string) => {
    if (rolesOf(identity, world.policies(), clock()) === undefined) {
      log.warn({ auth: identity.auth }, "Somebody signed in to whom the policies give no role");
      return sendPage(c, <NoRole address={identity.address} />, 403);
    }
    await beginSession(c, world, identity);
    log.info({ auth: identity.auth }, "Somebody signed in");
    return c.redirect(returnTo, 303);
  };

  app.use("/sign-in/:step/*", async (c, next) => {
    if (limit.take(getConnInfo(c).remote.address ?? "", clock())) return next();
    return sendPage(c, <Failed title="Too many sign-ins" message="Wait a minute, and try again." />, 429);
  });

  app.get("/sign-in", async (c) => {
    const to = ownPath(c.req.query("to"));
    if ((await signedIn(c, world)) !== undefined) return c.redirect(to, 303);
    return sendPage(c, client === undefined ? <LinkPage /> : <OidcPage to={to} />);
  });

  app.get("/sign-in/link/:secret", async (c) => {
    // Who only looks ahead does not use the link up.
    if (client !== undefined || c.req.method !== "GET" || isAhead(c)) return c.body(null, 404);
    const identity = await useSignInLink(c.req.param("secret"), { store, now: clock() });
    return identity === undefined ? sendPage(c, <UsedLink />, 403) : admit(c, identity, "/");
  });

  app.get("/sign-in/oidc", async (c) => {
    if (client === undefined || c.req.method !== "GET" || isAhead(c)) return c.body(null, 404);
    const to = ownPath(c.req.query("to"));
    try {
      const { url, ...attempt } = await client.begin();
      const secret = newSecret();
      const expiresAt = clock() + ATTEMPT_MS;
      await store.addAttempt({ hash: hashOf(secret), expiresAt, ...attempt, returnTo: to });
      setCookie(c, cookie, secret, { ...cookieOptions, maxAge: ATTEMPT_MS / 1000 });
      return c.redirect(url.href, 303);
    } catch (error) {
      log.error({ err: error }, "Cannot begin a sign-in with the issuer");
      return sendPage(c, <Failed title="Sign-in is not possible now" message={UNREACHED} />, 502);
    }
  });

  app.get("/sign-in/callback", async (c) => {
    const secret = getCookie(c, cookie) ?? "";
    deleteCookie(c, cookie, cookieOptions);
    const attempt = client && (await store.takeAttempt(hashOf(secret.slice(0, 100)), clock()));
    if (client === undefined || attempt === undefined)
      return sendPage(c, <Failed title="This sign-in has ended" message={STALE} />, 403);
    try {
      const claims = await client.finish(new URL(c.req.url).search, attempt);
      const result = oidcIdentity(claims, settings);
      if (result.ok) return await admit(c, result.identity, attempt.returnTo);
      return sendPage(c, <Failed title="You are not signed in" message={result.message} />, 403);
    } catch (error) {
      log.warn({ err: error }, "A sign-in failed");
      return sendPage(c, <Failed title="You are not signed in" message={REFUSED} />, 403);
    }
  });

  app.post("/sign-out", async (c) => {
    const person = await signedIn(c, world);
    const form = await readForm(c);
    if (person !== undefined && form.ok && isOwnForm(person, form.fields)) await endSession(c, world);
    return c.redirect("/sign-in", 303);
  });
  return app;
}

const UNREACHED =
  "The company's sign-in cannot be reached. Try again in a minute; if that does not help, tell whoever runs Countersign.";
const STALE = "It took too long, was used already, or began in another browser. Begin again.";
const REFUSED =
  "The company's sign-in refused, or its answer was not as it must be. Begin again; if that does not help, tell whoever runs Countersign.";

/** Browsers and chats fetch links before anybody follows them. */
function isAhead(c: Context): boolean {
  return /prefetch|prerender/i.test(`${c.req.header("Sec-Purpose")} ${c.req.header("Purpose")}`);
}

/** @throws {Error} that names the variables that are missing */
function openClient({ settings }: ConsoleWorld): OidcClient {
  const { oidcIssuer: issuer, oidcClientId: clientId, oidcClientSecret: clientSecret, consoleUrl } = settings;
  const missing = [...(issuer ? [] : ["OIDC_ISSUER"]), ...(clientId ? [] : ["OIDC_CLIENT_ID"])];
  if (issuer === undefined || clientId === undefined)
    throw new Error(
      `Cannot let anybody sign in: CONSOLE_AUTH is "oidc", and ${missing.join(" and ")} must be set, with OIDC_CLIENT_SECRET`,
    );
  const redirectUri = `${consoleUrl}/sign-in/callback`;
  return new OidcClient({
    issuer,
    clientId,
    redirectUri,
    ...(clientSecret !== undefined && { clientSecret }),
  });
}

function OidcPage({ to }: { to: string }) {
  return (
    <Page title="Sign in" lead="Approve what assistants write, and see what they did.">
      <p>
        <a class="button primary" href={`/sign-in/oidc?to=${encodeURIComponent(to)}`}>
          Sign in with your company account
        </a>
      </p>
    </Page>
  );
}

function LinkPage() {
  return (
    <Page title="Sign in" lead="On this machine, people sign in by a link that works once, for ten minutes.">
      <section class="card">
        <p>Ask whoever runs Countersign here for one, or print one yourself:</p>
        <pre class="text">
          <code>countersign console link you@company.example</code>
        </pre>
      </section>
    </Page>
  );
}

function UsedLink() {
  return (
    <Page title="This link does not work">
      <Notice tone="warn" title="It was used already, or is older than ten minutes">
        <p>
          Print a new one: <code>countersign console link you@company.example</code>
        </p>
      </Notice>
    </Page>
  );
}

function NoRole({ address }: { address: string }) {
  return (
    <Page title="Nothing here is yours to see">
      <Notice tone="warn" title="You are no approver, auditor or operator">
        <p>
          You proved to be <bdi>{address}</bdi>, but the policies in force name that address nowhere: not
          among a team's approvers, and not among the organisation's auditors or operators. Who looks after
          the policies can add it.
        </p>
      </Notice>
      <p>
        <a class="button" href="/sign-in">
          Sign in as somebody else
        </a>
      </p>
    </Page>
  );
}

function Failed({ title, message }: { title: string; message: string }) {
  return (
    <Page title={title}>
      <Notice tone="warn" title={message} />
      <p>
        <a class="button" href="/sign-in">
          Back to the sign-in
        </a>
      </p>
    </Page>
  );
}
