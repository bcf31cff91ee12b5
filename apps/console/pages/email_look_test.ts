import assert from "node:assert/strict";
import { test } from "node:test";
import { lookResponse, MAX_LOOK } from "./email_look.ts";

test("lookResponse() draws markdown and HTML with nothing that acts, is fetched or hides, under a policy that allows nothing else", async () => {
  const response = lookResponse(
    `# Hello\n\n**bold** [bank.example](https://evil.example/)\n\n![logo](//evil.example/p.gif)\n
<p style="display:none" onclick="x()">secret</p><script>x()</script><link rel="dns-prefetch" href="//evil.example">`,
  );
  const text = await response.text();
  for (const wanted of [
    "<h1>Hello</h1>",
    "<strong>bold</strong>",
    "[https://evil.example/]",
    "<p>secret</p>",
  ])
    assert.ok(text.includes(wanted), wanted);
  assert.doesNotMatch(text, /<(?:script|link|img|a)\b|\son\w+=|display:none/);
  const policy = response.headers.get("content-security-policy") ?? "";
  assert.match(policy, /^sandbox; default-src 'none'; style-src 'sha256-[\w+/=]+'; frame-ancestors 'self'$/);
});

test("lookResponse() draws texts that are made to make parsers slow or to exhaust their stack", async () => {
  for (const piece of ["_a*", "> ", "[", "<b>", "<!--", "- a\n  ", "![[]()"]) {
    const text = await lookResponse(piece.repeat(MAX_LOOK)).text();
    assert.match(text, /<\/body><\/html>$/, piece);
  }
});
