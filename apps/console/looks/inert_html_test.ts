import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { inertHtml } from "./inert_html.ts";

const RUNS = 300;

test("inertHtml() keeps what orders and stresses text, and writes it anew", () => {
  for (const [html, wanted] of [
    ["<h1>A</h1><p>b <strong>c</strong><br/>d</p>", "<h1>A</h1><p>b <strong>c</strong><br>d</p>"],
    ['<ol start="3"><li>x</li></ol>', '<ol start="3"><li>x</li></ol>'],
    ['<td colspan="2" onclick="x()">1 &lt; 2 &amp; 3</td>', '<td colspan="2">1 &lt; 2 &amp; 3</td>'],
    ['<p dir="rtl">שלום</p>', '<p dir="rtl">שלום</p>'],
  ] as const)
    assert.equal(inertHtml(html), wanted);
});

test("inertHtml() shows what would be hidden, and names what it leaves out", () => {
  for (const [html, wanted] of [
    ['<p style="display:none" class="x" hidden>secret</p>', "<p>secret</p>"],
    ['<font color="#fff" size="0">secret</font>', "secret"],
    ["<details><summary>s</summary>secret</details><template>t</template>", "ssecrett"],
    ["<!-- secret -->", '<span class="told">[comment: secret]</span>'],
    ["<script>evil()</script>a", '<span class="told">[a script is left out]</span>a'],
    ["<style>p{display:none}</style>a", '<span class="told">[a style is left out]</span>a'],
    ['<input type=hidden value="v">', '<span class="told">[field: v]</span>'],
    ["a\u202Eb", "a\ufffdb"],
  ] as const)
    assert.equal(inertHtml(html), wanted);
});

test("inertHtml() says where links and pictures lead, and links to nothing", () => {
  assert.equal(
    inertHtml('<a href="https://evil.example/?q=&quot;&gt;">bank.example</a>'),
    '<span class="link">bank.example</span><span class="told">[https://evil.example/?q=&quot;&gt;]</span>',
  );
  assert.equal(
    inertHtml('<img src="//evil.example/p.gif" alt="logo" onerror=alert(1)>'),
    '<span class="told">[picture: logo //evil.example/p.gif]</span>',
  );
});

test("inertHtml() writes no tag or attribute but those of its list, whatever it is given", () => {
  const pieces = fc.constantFrom(
    ...[
      "<",
      ">",
      "</",
      "/>",
      '"',
      "'",
      "=",
      "`",
      "<!--",
      "-->",
      "<![CDATA[",
      "]]>",
      "<?",
      "\0",
      "&lt;",
      "&#60;",
    ],
    ...[
      "script",
      "style",
      "svg",
      "math",
      "link rel=dns-prefetch href=//e.example",
      "meta http-equiv=refresh",
    ],
    ...[
      "img src=x onerror=alert(1)",
      "a href=javascript:alert(1)",
      "iframe srcdoc=x",
      "base href=//e.example",
    ],
    ...["textarea", "title", "noscript", "plaintext", "p", "b", "td colspan=2", "ol start=1", " ", "x"],
  );
  const allowed =
    /^(?:[^<>"]|<\/?[a-z][a-z1-6]*>|<[a-z][a-z1-6]*(?: (?:start|colspan|rowspan)="\d{1,9}"| dir="(?:ltr|rtl|auto)")+>|<span class="(?:told|link)">)*$/i;
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
      const html = inertHtml(parts.join(""));
      assert.match(html, allowed);
      for (const [, name = ""] of html.matchAll(/<([a-z][a-z0-9]*)/g))
        assert.doesNotMatch(name, /^(?:script|style|svg|math|link|meta|img|a|iframe|base|form|title)$/);
    }),
    { numRuns: RUNS },
  );
});
