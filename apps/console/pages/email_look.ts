import { marked } from "marked";
import { inertResponse } from "./email_files.ts";

/** A body is drawn up to here, in UTF-16 units; MultiMail takes no longer one. */
const MAX = 262_144;

/**
 * An email's text as a program for email draws its markdown, with nothing of it that acts or is fetched: no script, no style,
 * no picture from elsewhere. What a style would hide is therefore seen.
 */
export function lookResponse(markdown: string): Response {
  const html = marked.parse(markdown.slice(0, MAX).toWellFormed(), { async: false, gfm: true });
  const response = inertResponse(
    `<!doctype html><html><head><meta charset="utf-8"><title>As it will look</title></head><body>${html}</body></html>`,
    { type: "text/html; charset=utf-8", disposition: "inline" },
  );
  // Our own page shows it in a frame that may do nothing.
  response.headers.set("Content-Security-Policy", "sandbox; default-src 'none'; frame-ancestors 'self'");
  response.headers.set("X-Frame-Options", "SAMEORIGIN");
  return response;
}

const TAG = /<(?:[a-z][\w-]*(?:\s[^<>]{0,2000})?\/?|\/[a-z][\w-]*\s*|!--)>?/i;

/** What hides text, or makes it too small or pale to be read. */
const HIDES =
  /<!--|\bhidden\b|display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?![.\d])|font-size\s*:\s*[01](?![.\d])|(?:max-)?(?:height|width)\s*:\s*0|text-indent\s*:\s*-|color\s*:\s*(?:#fff|white|transparent)|<(?:style|template|noscript|details|title)\b/i;

/** Whether a text holds HTML that MultiMail may draw, and whether that may hide some of it. */
export function htmlIn(text: string): "none" | "some" | "hiding" {
  if (!TAG.test(text)) return "none";
  return HIDES.test(text) ? "hiding" : "some";
}
