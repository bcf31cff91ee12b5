import assert from "node:assert/strict";
import { test } from "node:test";
import { TEAMS } from "@countersign/lifecycle/testing/teams";
import { until } from "@countersign/lifecycle/testing/until";
import { verifyTrail } from "@countersign/trail";
import { startWorld } from "../testing/start_world.ts";
import { BodyRetention } from "./body_retention.ts";

const DAY_MS = 24 * 60 * 60_000;
const DENIED = { to: ["ceo@rival.example"], subject: "Hello", markdown: "The body" };

test("BodyRetention erases the bodies that are too old, once for all gateways", async (t) => {
  const { world, ask, advance } = await startWorld(t, TEAMS);
  const { trail, clock, log } = world;
  const bodies = async () => {
    let count = 0;
    for await (const _ of trail.values({ kinds: ["body"] })) count++;
    return count;
  };
  const start = (keepMs?: number) => {
    const retention = new BodyRetention({ trail, keepMs, policy: () => "p", clock, log, pauseMs: 1 });
    retention.start();
    return retention;
  };
  await ask("finance/chaser", DENIED);
  advance(10 * DAY_MS);
  await ask("finance/chaser", { ...DENIED, subject: "Later" });
  assert.equal(await bodies(), 2);

  await start(undefined).stop();
  await start(30 * DAY_MS).stop();
  assert.equal(await bodies(), 2);

  const gateways = [start(5 * DAY_MS), start(5 * DAY_MS)];
  await until(async () => (await bodies()) === 1);
  for (const gateway of gateways) await gateway.stop();
  await start(5 * DAY_MS).stop();
  assert.equal(await bodies(), 1);
  assert.ok((await verifyTrail(trail)).ok);
});
