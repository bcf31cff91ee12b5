import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseAddressPattern, parseDomainPattern } from "./parse_address_pattern.ts";

test("parseAddressPattern() reads the three forms", () => {
  for (const [text, pattern] of [
    ["Ana+X@Acme.Example", { kind: "address", key: "ana+x@acme.example", base: "ana@acme.example" }],
    ["*@Acme.Example.", { kind: "domain", domain: "acme.example" }],
    ["*@*.bücher.example", { kind: "subdomains", domain: "xn--bcher-kva.example" }],
    ["*@mail.internal", { kind: "domain", domain: "mail.internal" }],
    ["*@*.acme.test", { kind: "subdomains", domain: "acme.test" }],
    ["*@acme.co.uk", { kind: "domain", domain: "acme.co.uk" }],
    ["*@*.acme.github.io", { kind: "subdomains", domain: "acme.github.io" }],
    ["*@github.io", { kind: "domain", domain: "github.io" }],
  ] as const) {
    assert.deepEqual(parseAddressPattern(text), { ok: true, pattern });
  }
});

test("parseAddressPattern() refuses every other form and says what would be right", () => {
  for (const [text, message] of [
    ["", /write "billing@partner\.example", "\*@partner\.example"/],
    ["*", /write "billing@partner/],
    ["*@*", /must name a domain/],
    ["*@*.*", /must name a domain/],
    ["*@", /must have a domain after the "@"/],
    ["*@*.", /must have a domain after the "@"/],
    ["foo*@acme.example", /must have "\*" alone before the "@": write/],
    ["**@acme.example", /must have "\*" alone/],
    ["*@*@acme.example", /must have "\*" alone/],
    ["*+tag@acme.example", /must have "\*" alone/],
    ["acme.example", /did you mean "\*@acme\.example"\?/],
    ["@Acme.Example", /did you mean "\*@acme\.example"\?/],
    ["*.acme.example", /did you mean "\*@\*\.acme\.example"\?/],
    ["*@acme.*", /must name a domain/],
    ["*@a*.example", /must name a domain/],
    ["*@*.*.example", /must name a domain/],
    ["*@**.acme.example", /must name a domain/],
    ["ana@*.acme.example", /must be a bare address/],
    ["ana@*", /must be a bare address/],
    ["Ana <ana@acme.example>", /must be a bare address/],
    ['"ana"@acme.example', /must be a bare address/],
    [" *@acme.example", /alone before the "@"/],
    ["*@acme.example ", /only letters, digits, hyphens and dots/],
    ["*@acme.example, *@b.example", /alone before the "@"/],
    ["ana@acme.example,bob@acme.example", /one address/],
    ["/.*@acme\\.example/", /alone before the "@"/],
    ["*@com", /at least two parts/],
    ["*@*.com", /at least two parts/],
    ["*@co.uk", /"co\.uk", under which anybody can register/],
    ["*@*.CO.UK.", /"co\.uk", under which anybody can register/],
    ["*@公司.cn", /"xn--55qx5d\.cn", under which/],
    ["*@foo.ck", /under which anybody can register/],
    ["*@*.kawasaki.jp", /under which anybody can register/],
    ["*@*.github.io", /"github\.io", under which anybody can register/],
    ["*@127.0.0.1", /an IP address is not accepted/],
    ["*@[127.0.0.1]", /only letters, digits, hyphens and dots/],
    ["*@acme\u200b.example", /invisible/],
    ["ana\n@acme.example", /must be a bare address/],
    [`*@${"a.".repeat(500)}example`, /1000 characters/],
  ] as const) {
    const result = parseAddressPattern(text);
    assert.equal(result.ok, false, text);
    if (!result.ok) assert.match(result.message, message, text);
  }
});

test("parseAddressPattern() never throws and never answers with a hidden character", () => {
  const unit = fc.constantFrom(..."a*@.-+ <>\n\u202e\ud800é", "com", "co.uk", ".example", "xn--");
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit }), fc.string({ unit: "binary" })), (text) => {
      assert.match(JSON.stringify(parseAddressPattern(text)), /^[ -~]+$/);
    }),
    { numRuns: 3000 },
  );
});

test("parseDomainPattern() reads a domain and its subdomains", () => {
  assert.deepEqual(parseDomainPattern("Acme.Example"), {
    ok: true,
    pattern: { kind: "domain", domain: "acme.example" },
  });
  assert.deepEqual(parseDomainPattern("*.bücher.example"), {
    ok: true,
    pattern: { kind: "subdomains", domain: "xn--bcher-kva.example" },
  });
});

test("parseDomainPattern() refuses what is no organisation's domain and says what would be right", () => {
  for (const [text, message] of [
    ["", /must have a domain/],
    ["*", /must name a domain/],
    ["*.*", /must name a domain/],
    ["com", /at least two parts/],
    ["*.com", /at least two parts/],
    ["co.uk", /under which anybody can register/],
    ["*.github.io", /under which anybody can register/],
    ["*acme.example", /must name a domain/],
    ["*@acme.example", /did you mean "acme\.example"\?/],
    ["*@*.acme.example", /did you mean "\*\.acme\.example"\?/],
    ["ana@acme.example", /did you mean "acme\.example"\?/],
    ["ana@com", /write "acme\.example" or "\*\.acme\.example"/],
    ["https://acme.example/", /only letters, digits, hyphens and dots/],
    ["acme.example".repeat(100), /1000 characters/],
  ] as const) {
    const result = parseDomainPattern(text);
    assert.equal(result.ok, false, text);
    if (!result.ok) assert.match(result.message, message, text);
  }
});
