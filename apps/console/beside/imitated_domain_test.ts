import assert from "node:assert/strict";
import { test } from "node:test";
import { imitatedDomain } from "./imitated_domain.ts";

const KNOWN = new Set(["acme.example", "client.example", "abc.de"]);

test("imitatedDomain() names the known domain that another may be taken for", () => {
  for (const [domain, wanted] of [
    ["acrne.example", "acme.example"],
    ["acne.example", "acme.example"],
    ["amce.example", "acme.example"],
    ["acmee.example", "acme.example"],
    ["c1ient.example", "client.example"],
    ["dient.example", "client.example"],
    // "асме" in Cyrillic letters.
    ["xn--80akut.example", "acme.example"],
    ["xn--acm-dma.example", "acme.example"],
    ["acme.example", undefined],
    ["mail.acme.example", undefined],
    ["else.example", undefined],
    ["bank.example", undefined],
  ] as const)
    assert.equal(imitatedDomain(domain, KNOWN), wanted, domain);
});
