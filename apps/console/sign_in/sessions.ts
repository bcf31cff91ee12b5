import type { Context, MiddlewareHandler } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import type { ConsoleWorld, PageEnv, SignedIn } from "../console_world.ts";
import { rolesOf } from "../people/roles.ts";
import { type Identity, SESSION_MS } from "../store/console_store.ts";
import { hashOf, isSame, newSecret, tokenFor } from "../store/secret.ts";

/** Where pages ask by themselves how much waits. */
export const FRESH_PATH = "/fresh.json";

/** What no secret is longer than; a longer one is not even hashed. */
const MAX_SECRET = 100;

/** Signs a person in on this browser, under a new secret: whatever it had before is worth nothing. */
export async function beginSession(c: Context, world: ConsoleWorld, identity: Identity): Promise<void> {
  await endSession(c, world);
  const secret = newSecret();
  const now = world.clock();
  await world.store.addSession(hashOf(secret), { ...identity, createdAt: now, seenAt: now });
  setCookie(c, cookieName(world), secret, { ...cookieOptions(world), maxAge: SESSION_MS / 1000 });
}

/** Signs the person out whom this browser shows. */
export async function endSession(c: Context, world: ConsoleWorld): Promise<void> {
  const secret = getCookie(c, cookieName(world));
  if (secret !== undefined && secret.length <= MAX_SECRET) await world.store.endSession(hashOf(secret));
  deleteCookie(c, cookieName(world), cookieOptions(world));
}

/** Who asks; undefined: nobody who may. The session of somebody to whom the policies give no role any more ends. */
export async function signedIn(
  c: Context,
  world: ConsoleWorld,
  options: { readonly isUnseen?: boolean } = {},
): Promise<SignedIn | undefined> {
  const secret = getCookie(c, cookieName(world));
  if (secret === undefined || secret.length > MAX_SECRET) return undefined;
  return personOf({ sessionHash: hashOf(secret), formToken: tokenFor(secret, "form") }, world, options);
}

/** Whose session it is; undefined: nobody's who may. It ends when the policies give them no role any more. */
export async function personOf(
  { sessionHash, formToken }: Pick<SignedIn, "sessionHash" | "formToken">,
  { store, policies, clock }: ConsoleWorld,
  options: { readonly isUnseen?: boolean } = {},
): Promise<SignedIn | undefined> {
  const now = clock();
  const session = await store.useSession(sessionHash, now, options);
  if (session === undefined) return undefined;
  const roles = rolesOf(session, policies(), now);
  if (roles === undefined) {
    await store.endSession(sessionHash);
    return undefined;
  }
  const preferences = await store.preferencesOf(session);
  return { session, roles, formToken, sessionHash, preferences, now };
}

/** Lets only people in who are signed in; others are led to the sign-in, and back to where they wanted. */
export function requireSignIn(world: ConsoleWorld): MiddlewareHandler<PageEnv> {
  return async (c, next) => {
    // What a page asks by itself keeps nobody signed in who has gone away.
    const person = await signedIn(c, world, { isUnseen: c.req.path === FRESH_PATH });
    if (person === undefined) {
      const { pathname, search } = new URL(c.req.url);
      const wanted = c.req.method === "GET" ? `${pathname}${search}` : "/";
      return c.redirect(`/sign-in?to=${encodeURIComponent(wanted)}`, 303);
    }
    c.set("person", person);
    return next();
  };
}

/** Whether a form was made for this person's session. */
export function isOwnForm({ formToken }: SignedIn, fields: URLSearchParams): boolean {
  return isSame(fields.get("form_token") ?? "", formToken);
}

function cookieName({ settings }: ConsoleWorld): string {
  return ownCookie("countersign_console", settings.consoleUrl);
}

/**
 * A cookie's name on this console: browsers send a host's cookies to all of its ports, so two consoles on one host would sign
 * each other's people out. Where there is TLS, it is one that browsers let only the host itself set.
 */
export function ownCookie(name: string, consoleUrl: string): string {
  const { port } = new URL(consoleUrl);
  return `${isTls(consoleUrl) ? "__Host-" : ""}${name}${port === "" ? "" : `_${port}`}`;
}

function cookieOptions({ settings }: ConsoleWorld) {
  // Lax: whoever follows a link in a chat arrives signed in. What changes something is a form with a token.
  return { path: "/", httpOnly: true, sameSite: "Lax", secure: isTls(settings.consoleUrl) } as const;
}

/** Whether people reach the console by TLS. */
export function isTls(consoleUrl: string): boolean {
  return consoleUrl.startsWith("https:");
}
