import assert from "node:assert/strict";
import { copyFileSync } from "node:fs";
import { test } from "node:test";
import type Database from "better-sqlite3";
import { seal } from "../seal.ts";
import { erasure, intent, lifecycle, outcome } from "../testing/entries.ts";
import { Frontier } from "../tree/mod.ts";
import { type TrailProblem, type TrailSource, verifyTrail } from "../verify/mod.ts";
import { rawDatabase } from "./_raw_database.ts";
import { edit, insert, jsonOf, put, rewriteTree, shift, swap } from "./_tamper.ts";
import { testFile } from "./_test_folder.ts";
import { openSqliteTrail } from "./open_sqlite_trail.ts";

type Found = readonly [seq: number | null, what: TrailProblem["what"]];

/** Of the trail that is tampered with: two full tiles and a part, more than two pages. */
const SIZE = 600;

/** The person on record 3, whom record 4 erases. */
const ERASED = seal("Ann", "text");

/** What somebody does who has the file and SQLite, and what is found first. */
const TAMPERINGS: Readonly<
  Record<string, readonly [tamper: string | ((db: Database.Database) => void), first: Found, count?: number]>
> = {
  // Records
  "changes a record": [(db) => edit(db, 300, { team: "sales" }, false), [300, "changed"], 1],
  "changes a record and its leaf": [(db) => edit(db, 300, { team: "sales" }), [256, "rewritten"], 1],
  "changes a record of the last tile and its leaf": [
    (db) => edit(db, 590, { team: "sales" }),
    [576, "rewritten"],
    1,
  ],
  "changes the last record and its leaf": [(db) => edit(db, 599, { team: "sales" }), [592, "rewritten"], 1],
  "changes a record, its leaf and its tile": [
    (db) => {
      edit(db, 300, { team: "sales" });
      const tile = new Frontier();
      for (const leaf of db
        .prepare("SELECT leaf FROM records WHERE seq >= 256 AND seq < 512")
        .pluck()
        .all()) {
        tile.append(leaf as Uint8Array);
      }
      db.prepare("UPDATE nodes SET hash = ? WHERE idx = 1").run(tile.root());
    },
    [0, "rewritten"],
  ],
  "changes a record and everything above it but the root": [
    (db) => {
      edit(db, 300, { team: "sales" });
      rewriteTree(db, (frontier) => ["UPDATE head SET frontier = ?", Buffer.concat(frontier.hashes)]);
    },
    [null, "changed"],
    1,
  ],
  "changes a leaf": ["UPDATE records SET leaf = zeroblob(32) WHERE seq = 300", [300, "changed"], 1],
  "shortens a leaf": ["UPDATE records SET leaf = x'00' WHERE seq = 300", [300, "changed"], 1],
  "puts a space into a record, with its leaf": [
    (db) => put(db, 300, jsonOf(db, 300).replace('"kind":', '"kind": ')),
    [300, "changed"],
  ],
  "puts a member twice, with its leaf": [
    (db) => put(db, 300, jsonOf(db, 300).replace('"kind":"lifecycle"', '"kind":"intent","kind":"lifecycle"')),
    [300, "changed"],
  ],
  "adds a member, with its leaf": [(db) => edit(db, 300, { zone: 1 } as object), [300, "changed"]],
  "says another kind, with its leaf": [(db) => edit(db, 300, { kind: "note" } as object), [300, "changed"]],
  "removes a record": ["DELETE FROM records WHERE seq = 300", [300, "removed"], 1],
  "removes the first record": ["DELETE FROM records WHERE seq = 0", [0, "removed"], 1],
  "removes several": ["DELETE FROM records WHERE seq BETWEEN 250 AND 520", [250, "removed"], 1],
  "removes a record and closes the gap": [
    (db) => {
      db.exec("DELETE FROM records WHERE seq = 300");
      shift(db, 301, -1);
    },
    [300, "removed"],
    1,
  ],
  "removes a record, closes the gap and numbers anew": [
    (db) => {
      db.exec("DELETE FROM records WHERE seq = 300");
      shift(db, 301, -1);
      for (let seq = 300; seq < SIZE - 1; seq++) edit(db, seq, { seq });
    },
    [256, "rewritten"],
  ],
  "adds a record in between": [
    (db) => {
      shift(db, 300, 1);
      insert(db, 300, 300);
    },
    [300, "added"],
    1,
  ],
  "adds a record at the end": [(db) => insert(db, SIZE, SIZE), [SIZE, "added"], 1],
  "adds a record before the first": [(db) => insert(db, -1, 0), [-1, "added"], 1],
  "adds a record far away": [(db) => insert(db, 2 ** 50, 2 ** 50), [SIZE, "removed"]],
  "swaps two records": [(db) => swap(db, 290, 310, "json", "leaf"), [290, "reordered"], 2],
  "swaps two neighbours": [(db) => swap(db, 255, 256, "json", "leaf"), [255, "reordered"], 2],
  "swaps two records, not their leaves": [(db) => swap(db, 290, 310, "json"), [290, "reordered"], 2],
  "swaps two records and numbers them anew": [
    (db) => {
      swap(db, 290, 310, "json", "leaf");
      for (const seq of [290, 310]) edit(db, seq, { seq });
    },
    [256, "rewritten"],
    1,
  ],
  "cuts the tail off": ["DELETE FROM records WHERE seq >= 597", [597, "cut_off"], 1],
  "cuts everything off": ["DELETE FROM records", [0, "cut_off"], 1],
  "cuts the tail off and sets the head back": [
    (db) => {
      db.exec("DELETE FROM records WHERE seq >= 597");
      rewriteTree(db);
    },
    // The sealed values that the cut left behind give it away.
    [597, "removed"],
  ],
  "cuts the tail off, erases what belonged to it and sets the head back": [
    (db) => {
      for (const table of ["records", "sealed", "recipients", "rules"])
        db.exec(`DELETE FROM ${table} WHERE seq >= 597`);
      rewriteTree(db);
    },
    [597, "removed"],
  ],
  // The tree
  "changes the head's root": ["UPDATE head SET root = zeroblob(32)", [null, "changed"], 1],
  "changes the head's size": ["UPDATE head SET size = 601", [600, "cut_off"], 1],
  "sets the head's size back": ["UPDATE head SET size = 599", [599, "added"], 1],
  "removes the head": ["DELETE FROM head", [0, "added"]],
  "changes the frontier": ["UPDATE head SET frontier = zeroblob(128)", [0, "rewritten"]],
  "makes the frontier longer": [
    "UPDATE head SET frontier = CAST(frontier || zeroblob(32) AS BLOB)",
    [null, "changed"],
    1,
  ],
  "changes a node": ["UPDATE nodes SET hash = zeroblob(32) WHERE idx = 1", [256, "rewritten"], 1],
  "removes a node": ["DELETE FROM nodes WHERE idx = 0", [0, "rewritten"], 1],
  // What lies beside
  "changes a sealed value": [
    "UPDATE sealed SET value = 'Invoice 43' WHERE kind = 'subject' AND seq = 597",
    [597, "changed"],
    1,
  ],
  "changes a sealed address": [
    "UPDATE sealed SET value = 'eve@rival.example' WHERE kind = 'address' AND seq = 597",
    [597, "changed"],
    1,
  ],
  "changes a salt": [
    "UPDATE sealed SET salt = zeroblob(32) WHERE kind = 'body' AND seq = 597",
    [597, "changed"],
    1,
  ],
  "changes a kind": [
    "UPDATE sealed SET kind = 'text' WHERE kind = 'body' AND seq = 597",
    [597, "changed"],
    1,
  ],
  "breaks a compressed value": [
    "UPDATE sealed SET value = x'00ff' WHERE kind = 'body' AND seq = 0",
    [0, "changed"],
    1,
  ],
  "seals another value under a new commitment": [
    (db) => {
      const { commitment, salt, kind, value } = seal("Pay me", "body");
      db.prepare("UPDATE sealed SET commitment = ?, salt = ?, value = ? WHERE kind = ? AND seq = 597").run(
        Buffer.from(commitment, "hex"),
        salt,
        value,
        kind,
      );
    },
    [597, "added"],
    2,
  ],
  "erases a body without an erasure": [
    "DELETE FROM sealed WHERE kind = 'body' AND seq = 0",
    [0, "removed"],
    1,
  ],
  "erases everything that was sealed": [
    (db) => db.exec("DELETE FROM sealed; DELETE FROM recipients"),
    [0, "removed"],
  ],
  "says afterwards that it was erased": [
    (db) => {
      const commitment = db.prepare("SELECT lower(hex(commitment)) FROM sealed WHERE seq = 0").pluck().get();
      db.exec("DELETE FROM sealed WHERE seq = 0; DELETE FROM recipients WHERE seq = 0");
      const data = {
        because: "person",
        by: null,
        reason: null,
        commitments: [String(commitment)],
        below: null,
      };
      edit(db, 300, { kind: "erasure", data });
    },
    [0, "removed"],
  ],
  "puts an erased value back": [
    (db) => {
      const { commitment, salt, kind, value } = ERASED;
      const bytes = Buffer.from(commitment, "hex");
      db.prepare("INSERT INTO sealed (id, commitment, salt, kind, value) VALUES (?, ?, ?, ?, ?)").run(
        3 * 65_536,
        bytes,
        salt,
        kind,
        value,
      );
    },
    [3, "added"],
    1,
  ],
  "hides a record from a search by recipient": [
    "DELETE FROM recipients WHERE seq = 597",
    [597, "removed"],
    1,
  ],
  "lets a search by recipient find another record": [
    "INSERT INTO recipients VALUES (5, 'x@y.example')",
    [5, "added"],
    1,
  ],
  "hides a record from a search by rule": ["DELETE FROM rules WHERE seq = 598", [598, "removed"], 1],
  "lets a search by rule find another record": [
    "UPDATE rules SET rule = 'x' WHERE seq = 598",
    [598, "removed"],
    2,
  ],
  "hides an open intent": ["DELETE FROM open_intents WHERE seq = 598", [598, "removed"], 1],
  "opens a settled intent": ["INSERT INTO open_intents VALUES ('first', 0)", [0, "added"], 1],
  "hides a watched email": ["DELETE FROM watched_emails WHERE seq = 1", [1, "removed"], 1],
  "watches an email that is none": ["INSERT INTO watched_emails VALUES ('second', 599)", [599, "added"], 1],
  "changes a policy text": ["UPDATE policy_texts SET text = 'allow: everything'", [2, "changed"], 1],
  "removes a policy text": ["DELETE FROM policy_texts", [2, "removed"], 1],
  "adds a policy text": ["INSERT INTO policy_texts VALUES ('ab', 'allow: everything')", [null, "changed"], 1],
};

test("verifyTrail() names what somebody does who", async (t) => {
  const whole = testFile(t);
  await makeTrail(whole);
  for (const [what, [tamper, first, count]] of Object.entries(TAMPERINGS)) {
    await t.test(what, async (t) => {
      const path = testFile(t);
      copyFileSync(whole, path);
      const db = rawDatabase(path);
      if (typeof tamper === "string") assert.ok(db.prepare(tamper).run().changes > 0);
      else tamper(db);
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
  const text = "version: 1\n";
  const hash = "09bfcc6a14b83e2192b8673677725c84883ee9cd0c70e45c9ec09daa8f2b2847";
  const rejected = lifecycle("other", "rejected");
  const others = Array.from({ length: SIZE - 8 }, (_, n) => lifecycle(`r${n}`, "sent"));
  const results = await Promise.all(
    [
      intent("first", { body: "A long text. ".repeat(500) }),
      outcome("first"),
      {
        ...lifecycle("", "sent"),
        kind: "policy" as const,
        receipt: null,
        data: { result: "loaded", files: [{ name: "finance.yaml", hash }] },
        policyTexts: [{ hash, text }],
      },
      { ...rejected, data: { ...rejected.data, by: ERASED.commitment }, sealed: [ERASED] },
      erasure({ commitments: [ERASED.commitment] }),
      ...others,
      intent("second"),
      intent("third"),
      outcome("second", "unknown"),
    ].map((entry) => store.append(entry)),
  );
  assert.equal(results.length, SIZE);
  await store.close();
}
