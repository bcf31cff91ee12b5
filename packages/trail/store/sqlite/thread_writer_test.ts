import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Worker } from "node:worker_threads";
import { intent, outcome } from "../../testing/entries.ts";
import { verifyTrail } from "../../verify/mod.ts";
import type { TrailStore } from "../store.ts";
import { TrailUnavailableError } from "../trail_unavailable_error.ts";
import { ThreadWriter } from "./_thread_writer.ts";
import { SqliteTrail } from "./_trail.ts";
import { openDatabase } from "./open_database.ts";
import { openSqliteTrail } from "./open_trail.ts";
import { rawDatabase } from "./raw_database.ts";
import { testFile } from "./testing/test_folder.ts";

const APPEND_AND_LEAVE = fileURLToPath(new URL("../../testing/append_and_leave.ts", import.meta.url));

/** Threads that this process started. */
const threads: Worker[] = [];
process.on("worker", (thread) => threads.push(thread));

async function openInThread(t: TestContext, path: string): Promise<TrailStore> {
  const store = await openSqliteTrail(path, { inThread: true });
  t.after(() => store.close());
  return store;
}

test("A trail in a thread shows the next read what an append was answered for", async (t) => {
  const store = await openInThread(t, testFile(t));
  for (let n = 0; n < 50; n++) {
    const result = await store.append(intent(`r${n}`));
    assert.ok(result.ok);
    assert.equal((await store.head()).size, n + 1);
    assert.equal((await store.recordsOf(`r${n}`))[0]?.record.seq, result.seq);
    assert.equal((await store.openIntents()).length, n + 1);
  }
  assert.ok((await verifyTrail(store)).ok);
});

test("A trail in a thread writes with nothing but the thread", async (t) => {
  const path = testFile(t);
  const store = await openInThread(t, path);
  await store.append(intent("r1"));
  const db = openDatabase(path, { readonly: false, busyTimeoutMs: 5 });
  db.pragma("query_only = 1");
  const trail = new SqliteTrail(db, { writer: new ThreadWriter({ path, busyTimeoutMs: 5 }) });
  assert.ok((await trail.append(intent("r2"))).ok);
  await trail.close();
  assert.equal((await store.head()).size, 2);
});

test("append() in a thread loses no promise and no record when the thread breaks, and starts another", async (t) => {
  const path = testFile(t);
  const store = await openInThread(t, path);
  const acknowledged: string[] = [];
  for (let round = 0; round < 5; round++) {
    const append = async (name: string) => {
      const receipt = `${round} ${name}`;
      if ((await store.append(intent(receipt))).ok) acknowledged.push(receipt);
    };
    const before = acknowledged.length;
    const settled = Promise.allSettled(Array.from({ length: 900 }, (_, n) => append(String(n))));
    // Some groups are answered, one is being written, the rest waits for its turn.
    while (acknowledged.length === before) await new Promise(setImmediate);
    await threads.at(-1)?.terminate();
    const failed = (await settled).filter((result) => result.status === "rejected");
    assert.ok(failed.length <= 256, "no more than one group is in doubt");
    for (const { reason } of failed) {
      assert.ok(reason instanceof TrailUnavailableError);
      assert.match(
        reason.message,
        /^Cannot find out whether the trail has what was appended last: the thread/,
      );
    }
    await append("after");
  }
  const found = new Set<string | null>();
  for await (const { record } of store.records()) found.add(record.receipt);
  assert.deepEqual(
    acknowledged.filter((receipt) => !found.has(receipt)),
    [],
  );
  assert.ok((await verifyTrail(store)).ok);
});

test("append() in a thread fails while the thread cannot open the trail, and works after", async (t) => {
  const path = testFile(t);
  const folder = join(dirname(path), "later");
  const writer = new ThreadWriter({ path: join(folder, "trail.sqlite"), busyTimeoutMs: 5 });
  t.after(() => writer.close());
  for (let n = 0; n < 2; n++) {
    await assert.rejects(
      async () => writer.emptyLog(),
      (error: Error) => {
        assert.ok(error instanceof TrailUnavailableError);
        assert.match(
          error.message,
          /^Cannot write to the trail: the thread that writes it cannot start: ENOENT/,
        );
        return true;
      },
    );
  }
  mkdirSync(folder);
  assert.equal(await writer.emptyLog(), true);
});

test("append() in a thread tells of a lock and of damage as it does without one", async (t) => {
  const path = testFile(t);
  const store = await openSqliteTrail(path, { inThread: true, busyTimeoutMs: 20 });
  const other = rawDatabase(path);
  other.exec("BEGIN IMMEDIATE");
  await assert.rejects(store.append(intent("r1")), (error: Error) => {
    assert.ok(error instanceof TrailUnavailableError);
    assert.equal(error.message, "Cannot append to the trail: database is locked");
    assert.equal((error.cause as { code: string }).code, "SQLITE_BUSY");
    return true;
  });
  other.exec("ROLLBACK");
  assert.ok((await store.append(intent("r1"))).ok);
  other.exec("UPDATE head SET root = zeroblob(32)");
  await assert.rejects(store.append(intent("r2")), {
    name: "TrailUnavailableError",
    message: "Cannot append to the trail: the frontier does not make the head's root",
  });
  other.close();
  await store.close();
});

test("close() writes what waits for the thread first, and ends once", async (t) => {
  const path = testFile(t);
  const store = await openSqliteTrail(path, { inThread: true });
  const appends = Promise.all(Array.from({ length: 700 }, (_, n) => store.append(intent(`r${n}`))));
  await Promise.all([store.close(), store.close()]);
  assert.ok((await appends).every(({ ok }) => ok));
  await assert.rejects(store.append(outcome("r1")), TrailUnavailableError);
  const reader = await openSqliteTrail(path, { readonly: true });
  assert.equal((await reader.head()).size, 700);
  await reader.close();
});

test("A trail in a thread keeps no process alive that has got its answers", async (t) => {
  const path = testFile(t);
  const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", APPEND_AND_LEAVE, path]);
  assert.equal(stdout, '{"ok":true,"seq":0}\n');
  const reader = await openSqliteTrail(path, { readonly: true });
  assert.equal((await reader.head()).size, 1);
  await reader.close();
});

test("The thread of a trail that was closed serves the next one", async (t) => {
  const before = threads.length;
  for (let n = 0; n < 3; n++) {
    const store = await openSqliteTrail(testFile(t), { inThread: true });
    assert.deepEqual(await store.append(intent("r1")), { ok: true, seq: 0 });
    await store.close();
  }
  assert.ok(threads.length <= before + 1);
});
