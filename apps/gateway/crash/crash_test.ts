import assert from "node:assert/strict";
import { test } from "node:test";
import { runCrash } from "./testing/run_crash.ts";

/** `npm run crash` does the same for longer. */
const KILLS = 50;
const EMAILS = 250;

test(`the gateway loses nothing and sends nothing twice when it is killed ${KILLS} times`, async () => {
  const { kills, killsAt, delivered, differences } = await runCrash({ kills: KILLS, emails: EMAILS });
  for (const [kind, found] of Object.entries(differences)) assert.deepEqual(found, [], kind);
  assert.equal(delivered, EMAILS);
  assert.equal(kills, KILLS);
  for (const [point, count] of Object.entries(killsAt)) assert.notEqual(count, 0, point);
});
