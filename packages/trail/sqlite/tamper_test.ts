import assert from "node:assert/strict";
import { copyFileSync } from "node:fs";
import { test } from "node:test";
import type Database from "better-sqlite3";
import { erasure } from "../testing/entries.ts";
import type { Shell } from "../testing/tamper.ts";
import { appendTamperedTrail, TAMPERINGS } from "../testing/tamperings.ts";
import { type TrailSource, verifyTrail } from "../verify/mod.ts";
import { rawDatabase } from "./_raw_database.ts";
import { testFile } from "./_test_folder.ts";
import { openSqliteTrail } from "./open_sqlite_trail.ts";

test("verifyTrail() names what somebody does who", async (t) => {
  const whole = testFile(t);
  await makeTrail(whole);
  for (const [what, [tamper, first, count]] of Object.entries(TAMPERINGS)) {
    await t.test(what, async (t) => {
      const path = testFile(t);
      copyFileSync(whole, path);
      const db = rawDatabase(path);
      const shell = shellOf(db);
      if (typeof tamper === "string") assert.ok((await shell.run(tamper)) > 0);
      else await tamper(shell);
      db.close();
      const store = await openSqliteTrail(path, { readonly: true });
      const result = await verifyTrail(store);
      await store.close();
      const problems = result.ok ? [] : result.problems;
      const [problem] = problems;
      assert.deepEqual(problem && [problem.seq, problem.what], first, JSON.stringify(problems, null, 1));
      if (count !== undefined) assert.equal(problems.length, count, JSON.stringify(problems, null, 1));
      assert.match(problem?.message ?? "", /^[A-Z].*[^.]$/);
      assert.doesNotMatch(JSON.stringify(problems), /@/, "no address is repeated");
    });
  }
});

test("verifyTrail() knows that a value is absent because it was erased, one by one or below a record", async (t) => {
  const path = testFile(t);
  await makeTrail(path);
  const store = await openSqliteTrail(path);
  const commitments: string[] = [];
  for await (const { commitment } of store.values({ fromSeq: 597 })) commitments.push(commitment);
  await store.append(erasure({ commitments }));
  await store.append(erasure({ below: { seq: 5, kinds: ["body", "subject"] } }));
  assert.equal(commitments.length, 6);
  assert.ok((await verifyTrail(store)).ok);
  await store.close();
  const db = rawDatabase(path);
  db.exec("DELETE FROM sealed WHERE kind = 'address'; DELETE FROM recipients");
  db.close();
  const reader = await openSqliteTrail(path, { readonly: true });
  const result = await verifyTrail(reader);
  assert.deepEqual(!result.ok && result.problems.map(({ seq, what }) => [seq, what]), [[0, "removed"]]);
  await reader.close();
});

test("verifyTrail() knows an erasure of the time while it verifies", async (t) => {
  const path = testFile(t);
  await makeTrail(path);
  const store = await openSqliteTrail(path);
  let erased = false;
  const source: TrailSource = {
    records: (filter) => store.records(filter),
    async *pages() {
      for await (const page of store.pages()) {
        yield page;
        if (!erased)
          await store.append(erasure({ below: { seq: 700, kinds: ["body", "address", "subject"] } }));
        erased = true;
      }
    },
  };
  assert.equal((await verifyTrail(source)).ok, true);
  assert.equal((await verifyTrail({ pages: () => store.pages() })).ok, true);
  await store.close();
});

test("verifyTrail() stops at 100 problems", async (t) => {
  const path = testFile(t);
  await makeTrail(path);
  const db = rawDatabase(path);
  db.exec("UPDATE records SET leaf = zeroblob(32)");
  db.close();
  const store = await openSqliteTrail(path, { readonly: true });
  const result = await verifyTrail(store);
  assert.ok(!result.ok && result.problems.length === 100);
  await store.close();
});

async function makeTrail(path: string): Promise<void> {
  const store = await openSqliteTrail(path);
  await appendTamperedTrail(store);
  await store.close();
}

/** As `sqlite3` does. */
function shellOf(db: Database.Database): Shell {
  return {
    run: async (sql, ...values) => db.prepare(sql).run(...values).changes,
    all: async <Row>(sql: string, ...values: readonly unknown[]) => db.prepare(sql).all(...values) as Row[],
  };
}
