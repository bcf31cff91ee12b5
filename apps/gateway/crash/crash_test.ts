import assert from "node:assert/strict";
import { test } from "node:test";
import { startPostgres } from "@countersign/trail/testing/start-postgres";
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

test("Two gateways on one PostgreSQL lose nothing and send nothing twice when either is killed, 20 times", async (t) => {
  const server = await startPostgres();
  t.after(() => server.remove());
  const databaseUrl = await server.createDatabase();
  const { delivered, differences } = await runCrash({ kills: 20, emails: 100, gateways: 2, databaseUrl });
  for (const [kind, found] of Object.entries(differences)) assert.deepEqual(found, [], kind);
  assert.equal(delivered, 100);
});
