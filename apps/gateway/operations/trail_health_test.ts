import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "@countersign/lifecycle/testing/until";
import {
  type Appended,
  refusedEntry,
  type TrailEntry,
  type TrailStore,
  TrailUnavailableError,
} from "@countersign/trail";
import { createLog } from "../log.ts";
import { TrailHealth } from "./trail_health.ts";

const ENTRY = refusedEntry([], { at: 0, policy: "p" });

/** A trail that takes records or not. */
class FakeTrail implements Pick<TrailStore, "append"> {
  isFull = true;
  readonly entries: TrailEntry[] = [];

  async append(entry: TrailEntry): Promise<Appended> {
    if (this.isFull) throw new TrailUnavailableError("Cannot append to the trail: database or disk is full");
    this.entries.push(entry);
    return { ok: true, seq: this.entries.length - 1 };
  }
}

function watch(): { readonly fake: FakeTrail; readonly health: TrailHealth; readonly trail: TrailStore } {
  const fake = new FakeTrail();
  const health = new TrailHealth({ policy: () => "p", clock: () => 1, log: createLog("silent") });
  return { fake, health, trail: health.watched(fake as unknown as TrailStore) };
}

test("TrailHealth has a problem from the first append that fails until one succeeds", async (t) => {
  const { fake, health, trail } = watch();
  t.after(() => health.stop());
  assert.equal(health.problem, undefined);
  await assert.rejects(trail.append(ENTRY), TrailUnavailableError);
  assert.match(health.problem ?? "", /could not be written/);
  fake.isFull = false;
  assert.notEqual(health.problem, undefined, "nobody knows yet");
  await trail.append(ENTRY);
  assert.equal(health.problem, undefined);
});

test("TrailHealth finds out by itself, by putting on record how many appends failed", async (t) => {
  const { fake, health, trail } = watch();
  t.after(() => health.stop());
  for (let n = 0; n < 3; n++) await assert.rejects(trail.append(ENTRY));
  fake.isFull = false;
  await until(async () => health.problem === undefined);
  assert.deepEqual(
    fake.entries.map(({ data }) => data),
    [{ refused: [{ door: "trail", code: "trail_unavailable", count: 3 }] }],
  );
});
