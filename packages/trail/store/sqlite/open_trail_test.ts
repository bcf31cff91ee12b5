import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { seal } from "../../record/sealed.ts";
import { erasure, intent, lifecycle, NOON, outcome } from "../../testing/entries.ts";
import { verifyTrail } from "../../verify/mod.ts";
import type { TrailStore } from "../store.ts";
import { TrailUnavailableError } from "../trail_unavailable_error.ts";
import { HAS_COMMITMENT } from "./_sealed_rows.ts";
import { SqliteTrail } from "./_trail.ts";
import { openDatabase } from "./open_database.ts";
import { openSqliteTrail } from "./open_trail.ts";
import { rawDatabase } from "./raw_database.ts";
import { toEarlierVersion } from "./testing/earlier_version.ts";
import { testFile } from "./testing/test_folder.ts";

test("openSqliteTrail() is durable on every opening, also of a file that is in WAL mode", async (t) => {
  const path = testFile(t);
  await (await openSqliteTrail(path)).close();
  const plain = rawDatabase(path);
  assert.equal(plain.pragma("journal_mode", { simple: true }), "wal");
  assert.equal(plain.pragma("synchronous", { simple: true }), 1, "SQLite itself is not");
  plain.close();
  for (const readonly of [false, true, false]) {
    const db = openDatabase(path, { readonly, busyTimeoutMs: 1 });
    const read = (name: string) => db.pragma(name, { simple: true });
    assert.deepEqual(
      [
        "synchronous",
        "fullfsync",
        "checkpoint_fullfsync",
        "foreign_keys",
        "secure_delete",
        "journal_mode",
      ].map(read),
      [2, 1, 1, 1, 1, "wal"],
    );
    db.close();
  }
});

test("openSqliteTrail() makes files that only their owner reads", async (t) => {
  const path = testFile(t);
  const mask = process.umask(0);
  t.after(() => process.umask(mask));
  const store = await openSqliteTrail(path);
  await store.append(intent("r1"));
  const folder = dirname(path);
  assert.deepEqual(
    readdirSync(folder).map((name) => [name, (statSync(join(folder, name)).mode & 0o777).toString(8)]),
    ["trail.sqlite", "trail.sqlite-shm", "trail.sqlite-wal"].map((name) => [name, "600"]),
  );
  await store.close();
});

test("openSqliteTrail() refuses what is no trail", async (t) => {
  const path = testFile(t);
  const cases: readonly (readonly [what: string, make: () => void, message: RegExp])[] = [
    [
      "a text file",
      () => writeFileSync(path, "seq,json\n".repeat(1_000)),
      /^Cannot open trail ".*": file is not a database$/,
    ],
    [
      "another application's database",
      () => change(path, "CREATE TABLE users (id)"),
      /: it is no trail's database$/,
    ],
    [
      "another application's id",
      () => change(path, "PRAGMA application_id = 7"),
      /: it is no trail's database$/,
    ],
  ];
  for (const [what, make, message] of cases) {
    await t.test(what, async () => {
      writeFileSync(path, "");
      make();
      for (const readonly of [false, true]) {
        await assert.rejects(openSqliteTrail(path, { readonly }), (error: Error) => {
          assert.ok(error instanceof TrailUnavailableError);
          assert.match(error.message, message);
          return true;
        });
      }
    });
  }
  await assert.rejects(openSqliteTrail(join(path, "no", "folder")), TrailUnavailableError);
  await assert.rejects(openSqliteTrail(":memory:", { readonly: true }), TrailUnavailableError);
});

test("openSqliteTrail() refuses a newer version and leaves it alone", async (t) => {
  const path = testFile(t);
  await (await openSqliteTrail(path)).close();
  change(path, "PRAGMA user_version = 99");
  await assert.rejects(openSqliteTrail(path), /: its version must be 6, got 99: update this program$/);
  change(path, "PRAGMA user_version = 6");
  await (await openSqliteTrail(path)).close();
});

test("openSqliteTrail() brings a trail of version 1 up to date, and watches what MultiMail took", async (t) => {
  const path = testFile(t);
  const first = await openSqliteTrail(path);
  for (const entry of [intent("r1"), intent("r2"), outcome("r1"), outcome("r2", "refused")]) {
    await first.append(entry);
  }
  await first.close();
  toEarlierVersion(path, 1);
  const second = await openSqliteTrail(path);
  assert.deepEqual(
    (await second.watchedEmails()).map(({ record }) => record.receipt),
    ["r1"],
  );
  assert.ok((await verifyTrail(second)).ok);
  await second.close();
});

test("openSqliteTrail() finds what was sealed in a trail of version 4, by a shorter index", async (t) => {
  const path = testFile(t);
  const first = await openSqliteTrail(path);
  const entries = Array.from({ length: 20 }, (_, n) => intent(`r${n}`, { body: `Body ${n}` }));
  for (const entry of entries) await first.append(entry);
  await first.close();
  toEarlierVersion(path, 4);
  await assert.rejects(
    openSqliteTrail(path, { readonly: true }),
    /its version must be 6, got 4: start the gateway/,
  );
  const second = await openSqliteTrail(path);
  t.after(() => second.close());
  const sealed = entries.flatMap((entry) => entry.sealed ?? []);
  const values = await second.unseal(sealed.map(({ commitment }) => commitment));
  assert.deepEqual(
    sealed.map(({ commitment }) => values.get(commitment)),
    sealed.map(({ value }) => value),
  );
  await second.append(erasure({ commitments: sealed.slice(0, 3).map(({ commitment }) => commitment) }));
  assert.equal((await second.unseal(sealed.map(({ commitment }) => commitment))).size, sealed.length - 3);
  assert.ok((await verifyTrail(second)).ok);
  const db = rawDatabase(path, { readonly: true });
  const plan = db
    .prepare<[{ commitment: Uint8Array }], { detail: string }>(
      `EXPLAIN QUERY PLAN SELECT value FROM sealed WHERE ${HAS_COMMITMENT}`,
    )
    .all({ commitment: Buffer.alloc(32) });
  assert.match(plan[0]?.detail ?? "", /USING INDEX sealed_commitment/);
  db.close();
});

test("openSqliteTrail() counts what was reserved in a trail of version 4, without counting it again for each email", async (t) => {
  const path = testFile(t);
  const first = await openSqliteTrail(path);
  const week = 7 * 24 * 60 * 60_000;
  const limited = (n: number, max: number) =>
    intent(`r${n}`, { at: NOON + n * 1_000, reservations: [{ counter: "c", windowMs: week, max }] });
  const append = (store: TrailStore, from: number, to: number) =>
    store.tryAppendAll(Array.from({ length: to - from }, (_, n) => limited(from + n, 100_000)));
  await append(first, 0, 1_000);
  await first.close();
  toEarlierVersion(path, 4);
  const second = await openSqliteTrail(path);
  t.after(() => second.close());
  const used = (now: number) => second.usage([{ counter: "c", windowMs: week }], now);
  assert.deepEqual(await used(NOON + week), [999]);
  assert.deepEqual(await used(NOON + week - 1), [1_000]);
  assert.equal((await second.tryAppend(limited(1_000, 1_000))).ok, false);
  assert.ok((await second.tryAppend(limited(1_000, 1_001))).ok);
  for (let from = 2_000; from < 4_000; from += 100) await append(second, from, from + 100);
  // Some before and between others.
  for (const from of [-500, 1_100, 1_500, 1_300]) await append(second, from, from + 100);
  assert.deepEqual(await used(NOON + 3_999_000), [3_401]);
  assert.ok((await verifyTrail(second)).ok);
  const db = rawDatabase(path, { readonly: true });
  // What lies between two marks, and before the first and after the last, is all that is counted one by one.
  const most = db
    .prepare(
      `SELECT max(count) FROM (SELECT count(*) AS count FROM reservations r
       GROUP BY (SELECT max(m.at) FROM reservation_marks m WHERE m.at <= r.at))`,
    )
    .pluck()
    .get();
  assert.ok(Number(most) < 64, `${most} are counted one by one`);
  db.close();
});

test("openSqliteTrail() reads an existing trail only, when it is to read", async (t) => {
  const path = testFile(t);
  await assert.rejects(openSqliteTrail(path, { readonly: true }), TrailUnavailableError);
  assert.deepEqual(readdirSync(dirname(path)), []);
  const writer = await openSqliteTrail(path);
  const reader = await openSqliteTrail(path, { readonly: true });
  await writer.append(intent("r1"));
  assert.equal((await reader.head()).size, 1);
  assert.ok((await verifyTrail(reader)).ok);
  await assert.rejects(reader.append(intent("r2")), TrailUnavailableError);
  assert.equal((await reader.recordsOf("r1")).length, 1);
  await reader.close();
  await writer.close();
});

test("openSqliteTrail() does not append to a trail whose head is not that of its records", async (t) => {
  const changes: readonly (readonly [sql: string, message: RegExp])[] = [
    ["DELETE FROM records WHERE seq = 299", /its head must be of size 299, got 300; run audit verify$/],
    [
      "INSERT INTO records (seq, json, leaf) SELECT 300, json, leaf FROM records WHERE seq = 0",
      /must be of size 301, got 300/,
    ],
    ["UPDATE head SET root = zeroblob(32)", /the frontier does not make the head's root/],
    ["UPDATE head SET frontier = zeroblob(128)", /the frontier does not make the head's root/],
    ["UPDATE head SET frontier = substr(frontier, 1, 127)", /Cannot make a frontier of size 300/],
    ["UPDATE head SET size = 299", /must be of size 300, got 299/],
    ["DELETE FROM head", /the head is missing/],
    [
      "UPDATE records SET json = replace(json, 'sent', 'lost') WHERE seq = 299",
      /record 299 does not hash to its leaf/,
    ],
    ["UPDATE records SET leaf = zeroblob(32) WHERE seq = 280", /its head is not that of its last records/],
    ["DELETE FROM records WHERE seq = 280", /a hash of level 0 from index 256 on is missing/],
    ["UPDATE nodes SET hash = zeroblob(32)", /its head is not that of its last records/],
    ["DELETE FROM nodes", /a hash of level 8 from index 0 on is missing/],
  ];
  for (const [sql, message] of changes) {
    await t.test(sql, async (t) => {
      const path = testFile(t);
      const store = await openSqliteTrail(path);
      await Promise.all(Array.from({ length: 300 }, (_, n) => store.append(lifecycle(`r${n}`, "sent"))));
      await store.close();
      change(path, sql);
      await assert.rejects(openSqliteTrail(path), message);
      const reader = await openSqliteTrail(path, { readonly: true });
      assert.equal((await verifyTrail(reader)).ok, false, "an auditor can still look");
      await reader.close();
    });
  }
});

test("append() ends with TrailUnavailableError while another process holds the lock, and works after", async (t) => {
  const path = testFile(t);
  const store = await openSqliteTrail(path, { busyTimeoutMs: 20 });
  const other = rawDatabase(path);
  other.exec("BEGIN IMMEDIATE");
  const results = await Promise.allSettled([store.append(intent("r1")), store.append(intent("r2"))]);
  for (const result of results) {
    assert.ok(result.status === "rejected" && result.reason instanceof TrailUnavailableError);
    assert.match(result.reason.message, /^Cannot append to the trail: database is locked$/);
    assert.equal((result.reason.cause as { code: string }).code, "SQLITE_BUSY");
  }
  other.exec("ROLLBACK");
  other.close();
  assert.ok((await store.append(intent("r1"))).ok);
  assert.ok((await verifyTrail(store)).ok);
  await store.close();
});

test("append() waits for another process' lock in its turn, and lets everything else go on", async (t) => {
  const path = testFile(t);
  const store = await openSqliteTrail(path);
  const other = rawDatabase(path);
  other.exec("BEGIN IMMEDIATE");
  const order: string[] = [];
  const appends = ["r1", "r2", "r3"].map((receipt) =>
    store.append(intent(receipt)).then(() => order.push(receipt)),
  );
  // Had the event loop stopped, no reads would be answered before the lock is given back.
  for (let n = 0; n < 50; n++) {
    await sleep(1);
    assert.equal((await store.head()).size, 0);
  }
  assert.deepEqual(order, []);
  other.exec("ROLLBACK");
  other.close();
  await Promise.all(appends);
  assert.deepEqual(order, ["r1", "r2", "r3"]);
  assert.deepEqual(
    (await Promise.all(["r1", "r2", "r3"].map((receipt) => store.recordsOf(receipt)))).map(
      ([stored]) => stored?.record.seq,
    ),
    [0, 1, 2],
  );
  await store.close();
});

test("append() waits for room on a full disk", async (t) => {
  const path = testFile(t);
  const db = openDatabase(path, { readonly: false, busyTimeoutMs: 5 });
  const store = new SqliteTrail(db, { patienceMs: 60_000 });
  const pages = Number(db.pragma("page_count", { simple: true }));
  db.pragma(`max_page_count = ${pages}`);
  let isAppended = false;
  const append = store.append(intent("r1", { body: randomBytes(100_000).toString("hex") })).then((result) => {
    isAppended = true;
    return result;
  });
  for (let n = 0; n < 20; n++) await sleep(1);
  assert.equal(isAppended, false);
  db.pragma("max_page_count = 1073741823");
  assert.ok((await append).ok);
  await store.close();
});

test("append() ends with TrailUnavailableError on a full disk, writes nothing of the batch, and works after", async (t) => {
  const path = testFile(t);
  const db = openDatabase(path, { readonly: false, busyTimeoutMs: 20 });
  const store = new SqliteTrail(db);
  await store.append(intent("r0"));
  const before = await store.head();
  const pages = Number(db.pragma("page_count", { simple: true }));
  db.pragma(`max_page_count = ${pages + 20}`);
  const claims = [{ key: "k", fingerprint: "f", expiresAt: Date.now() + 60_000 }];
  const big = "x y ".repeat(900);
  const batch = Array.from({ length: 100 }, (_, n) =>
    intent(`r${n + 1}`, { body: big, ...(n === 0 && { claims }) }),
  );
  for (const result of await Promise.allSettled(batch.map((entry) => store.append(entry)))) {
    assert.ok(result.status === "rejected" && result.reason instanceof TrailUnavailableError);
    assert.equal((result.reason.cause as { code: string }).code, "SQLITE_FULL");
  }
  assert.deepEqual(await store.head(), before);
  assert.deepEqual(await store.recordsOf("r1"), []);
  assert.equal(await store.findClaim(claims, Date.now()), undefined);
  assert.ok((await verifyTrail(store)).ok);
  db.pragma("max_page_count = 1073741823");
  const results = await Promise.all(batch.map((entry) => store.append(entry)));
  assert.ok(results.every(({ ok }) => ok));
  assert.equal((await store.head()).size, 101);
  assert.ok((await verifyTrail(store)).ok);
  await store.close();
});

test("append() does not go on when the head was changed under it", async (t) => {
  const path = testFile(t);
  const store = await openSqliteTrail(path);
  await store.append(intent("r1"));
  change(path, "UPDATE head SET root = zeroblob(32)");
  await assert.rejects(store.append(intent("r2")), TrailUnavailableError);
  await store.close();
});

/** As somebody would who has the file and SQLite. */
function change(path: string, sql: string): void {
  const db = rawDatabase(path);
  db.exec(sql);
  db.close();
}

test("A trail that an early version gave half a surrogate pair is whole, and one that is tampered with is not", async (t) => {
  const path = testFile(t);
  const early = seal("Great news \ud83c", "subject");
  const address = seal("\udc00Ann@x", "address");
  const store = await openSqliteTrail(path);
  const entry = intent("r1", { subject: "?" });
  const [, ...rest] = entry.sealed ?? [];
  const data = { ...entry.data, subject: early.commitment };
  const recipients = [{ field: "to", address: address.commitment, domain: null }];
  const sealed = [address, early, ...rest.slice(1)];
  await store.append({ ...entry, data: { ...data, recipients }, sealed });
  await store.close();
  // As the driver wrote it: each half as three bytes.
  change(
    path,
    `UPDATE sealed SET value = CAST(x'4772656174206E65777320EDA0BC' AS TEXT) WHERE kind = 'subject';
     UPDATE sealed SET value = CAST(x'EDB080416E6E4078' AS TEXT) WHERE kind = 'address';
     UPDATE recipients SET base = CAST(x'EDB080616E6E4078' AS TEXT)`,
  );
  const old = await openSqliteTrail(path);
  assert.ok((await verifyTrail(old)).ok, "it is told apart from a tampered one");
  const both = [early, address];
  assert.deepEqual(
    [...(await old.unseal(both.map(({ commitment }) => commitment))).values()],
    both.map(({ value }) => value),
  );
  await old.append(erasure({ commitments: both.map(({ commitment }) => commitment) }));
  assert.ok((await verifyTrail(old)).ok, "it can be erased, and what leads to it");
  await old.close();
  change(path, "UPDATE sealed SET value = CAST(x'4772EDA0BC' AS TEXT) WHERE kind = 'body'");
  const tampered = await openSqliteTrail(path, { readonly: true });
  assert.ok(!(await verifyTrail(tampered)).ok);
  await tampered.close();
});
