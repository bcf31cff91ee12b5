import type { Context, MiddlewareHandler } from "hono";

/** How the console is reached. */
export interface Reachable {
  readonly host: string;
  readonly consoleUrl: string;
  /** What else it is called, by a proxy in front of it for one. */
  readonly allowedHosts: readonly string[];
}

/** Addresses that stand for "this machine only" or for "every interface": local programs reach both by a local name. */
const LOCAL = new Set(["localhost", "127.0.0.1", "::1", "0.0.0.0", "::"]);
const LOCAL_NAMES = ["localhost", "127.0.0.1", "[::1]"];

/** Methods that change nothing. */
const SAFE = new Set(["GET", "HEAD"]);

/**
 * Lets in only requests that call the console by its name (a page that was pointed at this machine calls it by another), by
 * methods that it has, and, where they change something, from its own pages.
 */
export function requestGuard({ host, consoleUrl, allowedHosts }: Reachable): MiddlewareHandler {
  const own = host.includes(":") ? `[${host}]` : host.toLowerCase();
  const { hostname, origin } = new URL(consoleUrl);
  const local = LOCAL.has(host) ? LOCAL_NAMES : [];
  const names = new Set([own, hostname, ...allowedHosts, ...local]);
  return async (c, next) => {
    const called = (c.req.header("Host") ?? "").toLowerCase();
    if (!names.has(called.replace(/:\d{1,5}$/, ""))) return c.text("This host name is not served here", 421);
    if (SAFE.has(c.req.method)) return next();
    if (c.req.method !== "POST") return c.text("This method is not served here", 405, { Allow: "GET, POST" });
    const from = c.req.header("Origin");
    const isOwn =
      from === undefined
        ? c.req.header("Sec-Fetch-Site") === "same-origin" || isOfShell(c)
        : from === origin || (local.length > 0 && from === `http://${called}`);
    return isOwn ? next() : c.text("This form was not sent from a page of the console", 403);
  };
}

/** Whether a program asks that is no browser: another site's page could send neither of its headers without being asked first. */
function isOfShell(c: Context): boolean {
  return (
    c.req.path.startsWith("/api/") &&
    c.req.header("Sec-Fetch-Site") === undefined &&
    c.req.header("X-Countersign-Shell") === "1"
  );
}
