import assert from "node:assert/strict";
import { test } from "node:test";
import { runApprovalCrash } from "./testing/run_approval_crash.ts";

/** `npm run crash -- --approvals` does the same for longer. */
const KILLS = 8;
const EMAILS = 30;

test(`what three people decide is exact when consoles and the gateway are killed ${KILLS} times`, async () => {
  const { kills, told, differences } = await runApprovalCrash({ kills: KILLS, emails: EMAILS });
  for (const [kind, found] of Object.entries(differences)) assert.deepEqual(found, [], kind);
  assert.equal(kills, KILLS);
  assert.ok((told.decided ?? 0) > 0, JSON.stringify(told));
});
