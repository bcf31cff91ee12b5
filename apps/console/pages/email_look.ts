import { createHash } from "node:crypto";
import MarkdownIt from "markdown-it";
import { inertHtml } from "../looks/inert_html.ts";
import { inertResponse } from "./email_files.ts";

/** An email's text is drawn up to here, in UTF-16 units: whoever waits for a page waits for nobody's long text. */
export const MAX_LOOK = 50_000;

/** It bounds nesting, and takes time in proportion to a text's length for the worst too. */
const markdown = new MarkdownIt({ html: true, linkify: false });

const STYLE = `body{font:15px/1.5 system-ui,sans-serif;margin:1rem;overflow-wrap:anywhere;color:#171a21;background:#fff}
table{border-collapse:collapse}td,th{border:1px solid #dfe3e9;padding:.25rem .5rem}pre{white-space:pre-wrap}
blockquote{border-left:3px solid #dfe3e9;margin-left:0;padding-left:1rem}.link{color:#1f4fc4;text-decoration:underline}
.told{color:#545c6b;font-size:13px;margin-left:.25rem}`;

/** Our own style and nothing else. */
const POLICY = [
  "sandbox",
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'`,
  "frame-ancestors 'self'",
].join("; ");

/**
 * An email's text as a program for email draws its markdown, with nothing of it that acts, is fetched or hides: see
 * {@linkcode inertHtml}. Our own page shows it in a frame that may do nothing.
 */
export function lookResponse(text: string): Response {
  const html = inertHtml(markdown.render(text.slice(0, MAX_LOOK).toWellFormed()));
  return inertResponse(
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>As it will look</title><style>${STYLE}</style></head><body dir="auto">${html}</body></html>`,
    { type: "text/html; charset=utf-8", disposition: "inline", policy: POLICY },
  );
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
