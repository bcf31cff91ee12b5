import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDomainPattern } from "./parse_domain_pattern.ts";

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
