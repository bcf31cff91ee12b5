import assert from "node:assert/strict";
import { copyFileSync } from "node:fs";
import { test } from "node:test";
import type Database from "better-sqlite3";
import { erasure } from "../../testing/entries.ts";
import type { Shell } from "../../testing/tamper.ts";
import { appendTamperedTrail, TAMPERINGS, type Tampering } from "../../testing/tamperings.ts";
import { verifyTrail } from "../../verify/mod.ts";
import type { TrailSource } from "../trail_source.ts";
import { LISTS } from "./_phrases.ts";
import { openSqliteTrail } from "./open_trail.ts";
import { rawDatabase } from "./raw_database.ts";
import { jsonOf, put, swap } from "./testing/tamper.ts";
import { testFile } from "./testing/test_folder.ts";

const longest = LISTS.flat().reduce((a, b) => (a.length > b.length ? a : b));
/** Bytes that are one phrase, again and again. */
const BOMB = Buffer.concat([
  Buffer.of(1, 0, LISTS.length),
  Buffer.alloc(2_000_000, 0x20 + LISTS.flat().indexOf(longest)),
]);

/** What belongs to SQLite alone, which keeps records in few bytes. */
const OTHERS: Readonly<Record<string, Tampering>> = {
  "moves a record to another team": [
    "UPDATE records SET team = (SELECT id FROM names WHERE name = 'invoice-chaser') WHERE seq = 300",
    [300, "changed"],
    1,
  ],
  "moves a record to another time": ["UPDATE records SET at = at + 1 WHERE seq = 300", [300, "changed"], 1],
  "moves a record to a time that nobody can write": [
    "UPDATE records SET at = 9000000000000000 WHERE seq = 300",
    [300, "changed"],
    1,
  ],
  "takes a record's time away": ["UPDATE records SET at = NULL WHERE seq = 300", [300, "changed"], 1],
  "gives a record to another email": [
    "UPDATE records SET receipt = 'second' WHERE seq = 300",
    [300, "changed"],
    1,
  ],
  "gives a record a receipt that is none": [
    "UPDATE records SET receipt = x'0102' WHERE seq = 300",
    [300, "changed"],
    1,
  ],
  "renames a team": ["UPDATE names SET name = 'sales' WHERE name = 'finance'", [0, "changed"]],
  "removes a name": ["DELETE FROM names WHERE name = 'lifecycle'", [3, "changed"]],
  "adds a name": ["INSERT INTO names (name) VALUES ('x')", [null, "added"], 1],
  "lets a denied email be found": ["UPDATE records SET effect = 'deny' WHERE seq = 598", [598, "changed"], 1],
  "hides that a record is an email's": [
    "UPDATE records SET is_email = NULL WHERE seq = 598",
    [598, "changed"],
    1,
  ],
  "lets a record be found as an email's": [
    "UPDATE records SET is_email = 1 WHERE seq = 300",
    [300, "changed"],
    1,
  ],
  "says that a read showed mail from outside": [
    "UPDATE records SET outside = 1 WHERE seq = 1",
    [1, "changed"],
    1,
  ],
  "says so by another number": ["UPDATE records SET outside = 2 WHERE seq = 300", [300, "changed"], 1],
  "hides which email was taken": ["UPDATE records SET taken = NULL WHERE seq = 1", [0, "removed"]],
  "says that an email was taken": ["UPDATE records SET taken = 'x' WHERE seq = 300", [300, "changed"], 1],
  "empties a record": ["UPDATE records SET json = x'' WHERE seq = 300", [300, "changed"], 1],
  "cuts the bytes of a record": [
    "UPDATE records SET json = substr(json, 1, length(json) - 1) WHERE seq = 300",
    [300, "changed"],
    1,
  ],
  "puts other bytes in a record's place": [
    (db) => db.run("UPDATE records SET json = ? WHERE seq = 300", Buffer.from("01000100ff", "hex")),
    [300, "changed"],
    1,
  ],
  "puts bytes in a record's place that would fill memory": [
    (db) => db.run("UPDATE records SET json = ? WHERE seq = 300", BOMB),
    [300, "changed"],
    1,
  ],
  "puts a number in a record's place": ["UPDATE records SET json = 5 WHERE seq = 300", [300, "changed"]],
  "puts a record's JSON in its place, and lets it be found by other words": [
    async (db) => {
      await db.run("UPDATE records SET json = ? WHERE seq = 300", await db.jsonOf(300));
      await db.run("UPDATE records SET team = kind WHERE seq = 300");
    },
    [300, "changed"],
    1,
  ],
  "lets a record say another number": [
    async (db) => {
      const [row] = await db.all<{ json: Uint8Array }>("SELECT json FROM records WHERE seq = 300");
      const bytes = Buffer.from(row?.json ?? []);
      bytes.writeUInt16BE(301, 1);
      await db.run("UPDATE records SET json = ? WHERE seq = 300", bytes);
    },
    [300, "reordered"],
    1,
  ],
};

test("verifyTrail() names what somebody does who", async (t) => {
  const whole = testFile(t);
  await makeTrail(whole);
  for (const [what, [tampering, first, count]] of Object.entries({ ...TAMPERINGS, ...OTHERS })) {
    await t.test(what, async (t) => {
      const path = testFile(t);
      copyFileSync(whole, path);
      const db = rawDatabase(path);
      const shell = shellOf(db);
      if (typeof tampering === "string") assert.ok((await shell.run(tampering)) > 0);
      else await tampering(shell);
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

/** What somebody does with `sqlite3` who changes no record, and what is said of it. */
const SCHEMA: Readonly<Record<string, readonly [sql: string, problem: RegExp]>> = {
  "leaves a record out of an index": [
    "DROP INDEX records_team; CREATE INDEX records_team ON records (team) WHERE seq <> 300",
    /^The schema was changed: index "records_team" is not the one that a trail has$/,
  ],
  "leaves a record out of an index, and puts its text back": [
    `DROP INDEX records_kind; CREATE INDEX records_kind ON records (kind) WHERE seq <> 300;
     PRAGMA writable_schema = ON;
     UPDATE sqlite_schema SET sql = 'CREATE INDEX records_kind ON records (kind)' WHERE name = 'records_kind'`,
    /^The index records_kind leaves record 300 out$/,
  ],
  "leaves emails out of their index, and puts its text back": [
    `DROP INDEX records_emails; CREATE INDEX records_emails ON records (assistant, team) WHERE is_email = 2;
     PRAGMA writable_schema = ON;
     UPDATE sqlite_schema SET sql = 'CREATE INDEX records_emails ON records (assistant, team) WHERE is_email = 1'
     WHERE name = 'records_emails'`,
    /^The index records_emails leaves record 0 out$/,
  ],
  "lets the database set what records are found by": [
    `PRAGMA writable_schema = ON;
     UPDATE sqlite_schema SET sql = replace(sql, 'team INTEGER', 'team INTEGER DEFAULT 1') WHERE name = 'records'`,
    /^The schema was changed: table "records" is not the one that a trail has$/,
  ],
  "finds records in an index by what they do not say, and puts the text back": [
    `DROP INDEX records_kind; CREATE INDEX records_kind ON records (iif(seq = 300, 1, kind));
     PRAGMA writable_schema = ON;
     UPDATE sqlite_schema SET sql = 'CREATE INDEX records_kind ON records (kind)' WHERE name = 'records_kind'`,
    /^The index records_kind leaves record 300 out$/,
  ],
  "puts a view in a table's place": [
    "ALTER TABLE open_intents RENAME TO o; CREATE VIEW open_intents AS SELECT * FROM o WHERE seq <> 598",
    /^The schema was changed: table "o" is none of a trail's$/,
  ],
  "adds a trigger": [
    "CREATE TRIGGER t AFTER INSERT ON records BEGIN DELETE FROM open_intents; END",
    /^The schema was changed: trigger "t" is none of a trail's$/,
  ],
  "adds a table": ["CREATE TABLE x (y)", /^The schema was changed: table "x" is none of a trail's$/],
  "removes an index": [
    "DROP INDEX claims_receipt",
    /^The schema was changed: index "claims_receipt" is missing$/,
  ],
};

test("verifyTrail() names what somebody does to the schema, and openSqliteTrail() refuses it", async (t) => {
  const whole = testFile(t);
  await makeTrail(whole);
  for (const [what, [sql, message]] of Object.entries(SCHEMA)) {
    await t.test(what, async (t) => {
      const path = testFile(t);
      copyFileSync(whole, path);
      tamper(path, sql);
      const store = await openSqliteTrail(path, { readonly: true, unchecked: true });
      const result = await verifyTrail(store);
      await store.close();
      const messages = result.ok ? [] : result.problems.map(({ message }) => message);
      assert.ok(
        messages.some((text) => message.test(text)),
        messages.join("\n"),
      );
      if (!message.source.includes("schema")) return;
      for (const readonly of [false, true]) {
        await assert.rejects(
          openSqliteTrail(path, { readonly }),
          /; keep a copy of it, and run countersign audit verify$/,
        );
      }
    });
  }
});

test("openSqliteTrail() does not append beside an index that leaves records out, or rows to come", async (t) => {
  const hides = SCHEMA["leaves a record out of an index, and puts its text back"]?.[0] ?? "";
  const cases: readonly (readonly [sql: string, message: RegExp])[] = [
    [hides, /its index "records_kind" has 599 of 600 records/],
    ["INSERT INTO nodes VALUES (8, 2, zeroblob(32))", /rows beyond its head, in nodes; run audit verify$/],
    [
      "INSERT INTO sealed (id, commitment, salt, kind, value) VALUES (39321600, x'00', x'00', 'text', '')",
      /in sealed/,
    ],
    ["INSERT INTO rules VALUES (600, 'x')", /in rules/],
    ["INSERT INTO recipients VALUES (700, 'x')", /in recipients/],
    ["INSERT INTO checkpoints VALUES (600, 'x')", /in checkpoints/],
  ];
  const whole = testFile(t);
  await makeTrail(whole);
  for (const [sql, message] of cases) {
    const path = testFile(t);
    copyFileSync(whole, path);
    tamper(path, sql);
    await assert.rejects(openSqliteTrail(path), message);
    const reader = await openSqliteTrail(path, { readonly: true });
    assert.ok(!(await verifyTrail(reader)).ok);
    await reader.close();
  }
});

test("openSqliteTrail() says of a trail without a table that its schema was changed", async (t) => {
  const path = testFile(t);
  await makeTrail(path);
  tamper(path, "DROP TABLE watched_emails");
  for (const options of [{}, { readonly: true }, { readonly: true, unchecked: true }]) {
    await assert.rejects(
      openSqliteTrail(path, options),
      /the schema was changed: table "watched_emails" is missing; keep/,
    );
  }
});

test("openSqliteTrail() takes what ANALYZE adds", async (t) => {
  const path = testFile(t);
  await makeTrail(path);
  tamper(path, "ANALYZE");
  const store = await openSqliteTrail(path);
  assert.ok((await verifyTrail(store)).ok);
  await store.close();
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
    jsonOf: async (seq) => jsonOf(db, seq),
    put: async (seq, json, leaf) => put(db, seq, json, leaf ?? leafOf(db, seq)),
    swap: async (a, b, ...columns) => swap(db, a, b, ...columns),
  };
}

function leafOf(db: Database.Database, seq: number): Uint8Array {
  return db.prepare("SELECT leaf FROM records WHERE seq = ?").pluck().get(seq) as Uint8Array;
}

/** Statements that SQLite's shell takes, also those that change the schema's own table. */
function tamper(path: string, sql: string): void {
  const db = rawDatabase(path);
  db.unsafeMode();
  db.exec(sql);
  db.close();
}
