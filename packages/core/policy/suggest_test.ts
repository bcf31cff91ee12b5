import assert from "node:assert/strict";
import { test } from "node:test";
import { suggest } from "./suggest.ts";

test("suggest() finds the word that was meant", async (t) => {
  const candidates = [
    "team",
    "recipients",
    "approvers",
    "oversight",
    "gated_send",
    "gated_all",
    "first_contact",
  ];
  const cases: Readonly<Record<string, string | undefined>> = {
    recipient: "recipients",
    Recipients: "recipients",
    recpients: "recipients",
    recipeints: "recipients",
    overSight: "oversight",
    "gated-send": "gated_send",
    gatedAll: "gated_all",
    firstContact: "first_contact",
    taem: "team",
    "": undefined,
    x: undefined,
    mailbox: undefined,
    ["a".repeat(65)]: undefined,
  };
  for (const [word, wanted] of Object.entries(cases)) {
    await t.test(JSON.stringify(word), () => assert.equal(suggest(word, candidates), wanted));
  }
});

test("suggest() has nothing to offer without candidates", () => {
  assert.equal(suggest("team", []), undefined);
});
