/** Longer paths are not come back to. */
const MAX_PATH = 2_000;

/**
 * The path on the console to which somebody comes back after a sign-in: the one asked for if it is one of the console's own,
 * else its first page. What a browser would take for another host is none.
 */
export function ownPath(text: string | undefined): string {
  if (text === undefined || text.length > MAX_PATH || !/^\/(?![/\\])[!-[\]-~]*$/.test(text)) return "/";
  const url = URL.canParse(text, BASE) ? new URL(text, BASE) : undefined;
  if (url?.origin !== BASE || /^\/sign-(?:in|out)(?:\/|$)/.test(url.pathname)) return "/";
  // As the browser will have it: dots are resolved, and may have been in the way.
  return /^\/(?!\/)/.test(url.pathname) ? `${url.pathname}${url.search}` : "/";
}

const BASE = "http://console.invalid";
