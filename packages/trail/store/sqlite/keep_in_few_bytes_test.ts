import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { intent, NOON } from "../../testing/entries.ts";
import { verifyTrail } from "../../verify/mod.ts";
import type { TrailStore } from "../store.ts";
import { openSqliteTrail } from "./open_trail.ts";
import { rawDatabase } from "./raw_database.ts";
import { toEarlierVersion } from "./testing/earlier_version.ts";
import { testFile } from "./testing/test_folder.ts";

// Made by the last program that wrote version 5: something of everything, values erased, open intents, watched emails, claims, and
// more reservations of one counter than are counted one by one.
const KEPT = gunzipSync(readFileSync(new URL("../../testdata/kept/version_5.sqlite.gz", import.meta.url)));
const SIZE = 187;
const ROOT = "9d86e509883e1a8afae2acc12d18cd6497e0f258e2e677c8a00f01de881c37ea";
const DAY = 24 * 60 * 60_000;
const BASE = NOON + 40 * DAY;
const COUNTER = { counter: "finance/invoice-chaser", windowMs: 7 * DAY };
const receipt = (n: number) => `rcp_01M8GMSJ6Q${String(n).padStart(16, "0")}`;
const contentOf = (n: number) => String(n).padStart(64, "a");
const claimOf = (n: number, fingerprint = contentOf(n)) => ({
  ...{ key: `content:${contentOf(n)}`, fingerprint, expiresAt: BASE + 600_000 },
});

test("openSqliteTrail() brings a kept trail of version 5 up to date, and nothing that it says changes", async (t) => {
  const path = testFile(t);
  writeFileSync(path, KEPT);
  const old = rawDatabase(path, { readonly: true });
  const rows = old.prepare<[], { json: string }>("SELECT json FROM records ORDER BY seq").all();
  const lists = ["open_intents", "watched_emails"].map((table) =>
    old.prepare<[], string>(`SELECT receipt FROM ${table} ORDER BY seq`).pluck().all(),
  );
  old.close();
  const progress: (readonly [done: number, total: number])[] = [];
  const trail = await openSqliteTrail(path, { onMigrate: (...done) => progress.push(done) });
  t.after(() => trail.close());
  assert.deepEqual(progress, [[SIZE, SIZE]]);
  const head = await trail.head();
  assert.deepEqual([head.size, Buffer.from(head.root).toString("hex")], [SIZE, ROOT]);
  assert.ok((await verifyTrail(trail)).ok);
  assert.deepEqual(
    await jsonsOf(trail),
    rows.map(({ json }) => json),
  );
  const receiptsOf = (found: readonly { readonly record: { readonly receipt: string | null } }[]) =>
    found.map(({ record }) => record.receipt);
  assert.deepEqual([receiptsOf(await trail.openIntents()), receiptsOf(await trail.watchedEmails())], lists);
  assert.deepEqual(await trail.usage([COUNTER], BASE + 80_000), [71]);
  assert.deepEqual(
    (await trail.recordsOf(receipt(3))).map(({ record }) => record.kind),
    ["intent", "outcome", "lifecycle", "lifecycle"],
  );
  const taken = await trail.findClaim([claimOf(3, "another")], BASE);
  assert.deepEqual([taken?.receipt, taken?.fingerprint], [receipt(3), contentOf(3)]);
  // What was counted and claimed holds for what comes.
  const next = (n: number, wants: object) =>
    intent(receipt(n), { at: BASE + 80_000, receipt: receipt(n), ...wants });
  const limited = (max: number) => ({ reservations: [{ ...COUNTER, max }] });
  assert.equal((await trail.tryAppend(next(901, limited(71)))).ok, false);
  assert.equal((await trail.tryAppend(next(902, { claims: [claimOf(3)] }))).ok, false);
  assert.equal((await trail.tryAppend(next(903, { ...limited(72), claims: [claimOf(903)] }))).ok, true);
  assert.equal(await trail.count({ recipient: "@partner.example", since: BASE }), 75);
  assert.ok((await verifyTrail(trail)).ok);
});

test("openSqliteTrail() brings a trail up to date wholly or not at all", async (t) => {
  const path = testFile(t);
  writeFileSync(path, KEPT);
  const onMigrate = () => {
    throw new Error("the power is gone");
  };
  await assert.rejects(openSqliteTrail(path, { onMigrate }), /the power is gone/);
  await assert.rejects(
    openSqliteTrail(path, { readonly: true }),
    /its version must be 6, got 5: start the gateway/,
  );
  const db = rawDatabase(path, { readonly: true });
  assert.equal(db.prepare("SELECT count(*) FROM records WHERE json ->> '$.seq' = seq").pluck().get(), SIZE);
  db.close();
  const trail = await openSqliteTrail(path);
  assert.ok((await verifyTrail(trail)).ok);
  await trail.close();
});

test("verifyTrail() still names what somebody did to a trail of version 5, after it was brought up to date", async (t) => {
  const cases: readonly (readonly [sql: string, seq: number | null])[] = [
    ["UPDATE records SET json = replace(json, 'finance', 'sales') WHERE seq = 150", 150],
    ["UPDATE records SET json = replace(json, '\"kind\":', '\"kind\": ') WHERE seq = 150", 150],
    ["UPDATE records SET json = 'no JSON {', leaf = x'00' WHERE seq = 150", null],
    ["UPDATE records SET leaf = zeroblob(32) WHERE seq = 150", 150],
    ["DELETE FROM records WHERE seq = 150", 150],
    [
      "UPDATE sealed SET value = 'x' WHERE kind = 'body' AND seq = (SELECT max(seq) FROM sealed WHERE kind = 'body')",
      null,
    ],
    [
      "DELETE FROM reservations WHERE receipt = (SELECT receipt FROM reservations WHERE counter LIKE 'finance%' LIMIT 1)",
      null,
    ],
    ["INSERT INTO claims VALUES ('content:x', 'x', 'no', 9999999999999)", null],
    ["DELETE FROM watched_emails", null],
  ];
  for (const [sql, seq] of cases) {
    await t.test(sql, async (t) => {
      const path = testFile(t);
      writeFileSync(path, KEPT);
      const db = rawDatabase(path);
      try {
        assert.ok(db.prepare(sql).run().changes > 0);
      } catch (error) {
        // An index over JSON refuses what is none.
        assert.match(String(error), /malformed JSON/);
        return;
      } finally {
        db.close();
      }
      // What is in the way of appending is found then, too.
      await openSqliteTrail(path).then(
        (trail) => trail.close(),
        (error: unknown) =>
          assert.match(String(error), /; run audit verify$|a hash of level 0 from index \d+ on is missing$/),
      );
      const trail = await openSqliteTrail(path, { readonly: true });
      const result = await verifyTrail(trail);
      await trail.close();
      assert.ok(!result.ok);
      const problems = JSON.stringify(result.problems);
      if (seq !== null)
        assert.ok(
          result.problems.some((problem) => problem.seq === seq),
          problems,
        );
    });
  }
});

test("openSqliteTrail() brings up to date what toEarlierVersion() makes of a trail", async (t) => {
  const path = testFile(t);
  writeFileSync(path, KEPT);
  await (await openSqliteTrail(path)).close();
  const before = sizeOf(path);
  toEarlierVersion(path, 5);
  assert.ok(before < sizeOf(path), "it took more before");
  const trail = await openSqliteTrail(path);
  assert.equal(Buffer.from((await trail.head()).root).toString("hex"), ROOT);
  assert.ok((await verifyTrail(trail)).ok);
  await trail.close();
});

function sizeOf(path: string): number {
  const db = rawDatabase(path);
  db.exec("VACUUM");
  db.pragma("wal_checkpoint(TRUNCATE)");
  db.close();
  return statSync(path).size;
}

async function jsonsOf(trail: TrailStore): Promise<readonly string[]> {
  const jsons: string[] = [];
  for await (const { json, record } of trail.records()) {
    assert.deepEqual(JSON.parse(json), record);
    assert.equal(hash("sha256", JSON.stringify(record)), hash("sha256", json));
    jsons.push(json);
  }
  return jsons;
}
