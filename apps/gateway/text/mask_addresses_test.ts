import assert from "node:assert/strict";
import { test } from "node:test";
import { maskAddresses } from "./mask_addresses.ts";

test("maskAddresses() hides who it is, and nothing else", async (t) => {
  const cases: Readonly<Record<string, string>> = {
    'teams/a.yaml:3:5: Not an address: "jane.doe+x@acme.example" (approvers[0])':
      'teams/a.yaml:3:5: Not an address: "…@acme.example" (approvers[0])',
    "a@b.example, <c@d.example>": "…@b.example, <…@d.example>",
    'Write "*@acme.example"': 'Write "…@acme.example"',
    "zoë@münchen.example": "…@münchen.example",
    '"jane@@acme.example"': '"…@acme.example"',
    "an @ alone": "an @ alone",
  };
  for (const [text, masked] of Object.entries(cases)) {
    await t.test(text, () => assert.equal(maskAddresses(text), masked));
  }
});
