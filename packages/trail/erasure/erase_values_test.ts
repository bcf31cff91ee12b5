import assert from "node:assert/strict";
import { hash, randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { deflateRawSync } from "node:zlib";
import type { TrailEntry } from "../record/record.ts";
import type { Sealed } from "../record/sealed.ts";
import { Sealer } from "../record/sealed.ts";
import { openSqliteTrail } from "../store/sqlite/mod.ts";
import { testFile } from "../store/sqlite/testing/test_folder.ts";
import type { TrailStore } from "../store/store.ts";
import { intent, lifecycle, outcome, withData } from "../testing/entries.ts";
import { verifyTrail } from "../verify/mod.ts";
import { eraseValues } from "./erase_values.ts";
import { findPersonValues } from "./find_person_values.ts";

const BY = { by: "officer", reason: "Request 17", now: Date.parse("2026-11-24T00:00:00Z") };
const LONG = Array.from({ length: 900 }, (_, n) => `word${(n * 7919) % 997}`).join(" ");

test("findPersonValues() finds addresses, content, and what was said of it, and leaves others out", async (t) => {
  const store = await openSqliteTrail(testFile(t));
  await appendAll(store, emails());
  const found = await findPersonValues(store, "ANN+other@a.example");
  const { addresses, contents, texts, mentions, ...rest } = found;
  assert.deepEqual(
    [addresses, contents, texts, mentions].map(({ length }) => length),
    [4, 6, 4, 1],
  );
  assert.deepEqual(rest, { emails: 3, unsettled: ["r1", "r2"], policyFiles: [] });
  const nobody = await findPersonValues(store, "nobody@a.example");
  assert.ok(
    nobody.addresses.length + nobody.contents.length + nobody.texts.length + nobody.mentions.length === 0,
  );
  await store.close();
});

test("findPersonValues() finds whoever asked an assistant, under whatever address, and nobody of the same name elsewhere", async (t) => {
  const store = await openSqliteTrail(testFile(t));
  const login = { issuer: "https://login.a.example", subject: "u1" };
  const asked = [
    intent("r1", { person: { ...login, address: "Ann@a.example", claims: ["sales"] } }),
    intent("r2", { person: { ...login, address: "ann.lee@b.example" } }),
    intent("r3", { person: login }),
    // Somebody else: of another issuer, of another name, and a subject that says the name.
    intent("r4", { person: { issuer: "https://login.b.example", subject: "u1" } }),
    intent("r5", { person: { ...login, subject: "u2", address: "bob@a.example" } }),
    intent("r6", { subject: "u1" }),
  ];
  await appendAll(store, asked);
  const { texts, contents, mentions } = await findPersonValues(store, "ann+x@A.example");
  const known = new Map(asked.flatMap(({ sealed = [] }) => sealed.map((one) => [one.commitment, one.value])));
  assert.deepEqual(texts.map((one) => known.get(one)).sort(), [
    "Ann@a.example",
    '["sales"]',
    "ann.lee@b.example",
    ...Array(3).fill(login.issuer),
    ...Array(3).fill("u1"),
  ]);
  assert.deepEqual([contents, mentions], [[], []]);
  await eraseValues(store, { ...BY, commitments: texts });
  const left = await findPersonValues(store, "ann@a.example");
  assert.deepEqual(left.texts, []);
  assert.equal((await findPersonValues(store, "bob@a.example")).texts.length, 3);
  const result = await verifyTrail(store);
  assert.ok(result.ok, JSON.stringify(result));
  await store.close();
});

test("eraseValues() and scrub() leave no byte of a value or a salt in any file, while a gateway has it open", async (t) => {
  const path = testFile(t);
  const gateway = await openSqliteTrail(path);
  const entries = emails();
  await appendAll(gateway, entries);
  const sealed = entries.flatMap((entry) => entry.sealed ?? []);
  const hits = (values: readonly Sealed[]) => {
    const isThere = isIn(path);
    return values.filter((value) => formsOf(value).some(isThere));
  };
  assert.equal(hits(sealed).length, sealed.length, "what is looked for is found before");

  const cli = await openSqliteTrail(path);
  const found = await findPersonValues(cli, "ann@a.example");
  const gone = new Set([...found.contents, ...found.texts, ...found.addresses, ...found.mentions]);
  assert.equal((await eraseValues(cli, { ...BY, commitments: [...gone] })).length, 1);
  await gateway.append(intent("later"));
  await cli.scrub();
  await cli.close();
  const left = hits(sealed.filter(({ commitment }) => gone.has(commitment)));
  assert.deepEqual(
    left.map(({ kind }) => kind),
    [],
  );
  const kept = sealed.filter(({ commitment }) => !gone.has(commitment));
  assert.equal(hits(kept).length, kept.length, "others' values stay");
  assert.equal(isIn(path)(Buffer.from("ann@a.example")), false, "nor is she in an index");
  assert.ok((await verifyTrail(gateway)).ok);
  await gateway.close();
});

test("eraseValues() and scrub() leave nothing of many people in pages that were split and moved", async (t) => {
  const path = testFile(t);
  const store = await openSqliteTrail(path);
  // With these names SQLite moves rows so that, without scrub, two of them stay in the gaps of an index's pages.
  const people = Array.from(
    { length: 1_500 },
    (_, n) => `${hash("sha512", `25 ${n}`).slice(0, 6 + 2 * (n % 20))}.${n}@x.example`,
  );
  const entries = people.map((person, n) =>
    intent(`r${n}`, { to: [person, people[(n * 31) % people.length] ?? ""], subject: `For ${person}` }),
  );
  for (let from = 0; from < entries.length; from += 100)
    await appendAll(store, entries.slice(from, from + 100));
  const gone = new Set(people.filter((_, n) => n % 9 === 4));
  const sealed = entries.flatMap((entry) => entry.sealed ?? []);
  const erased = sealed.filter(({ value }) => gone.has(value) || gone.has(value.slice(4)));
  await eraseValues(store, { ...BY, commitments: erased.map(({ commitment }) => commitment) });
  await store.scrub();
  const isThere = isIn(path);
  const left = [...gone].filter((person) => isThere(Buffer.from(person)));
  assert.deepEqual(left, []);
  assert.ok(erased.length > 450 && !erased.some(({ salt }) => isThere(Buffer.from(salt))));
  assert.ok((await verifyTrail(store)).ok);
  await store.close();
});

test("eraseValues() that was cut short is finished by finding and erasing again", async (t) => {
  const path = testFile(t);
  const store = await openSqliteTrail(path);
  await appendAll(
    store,
    Array.from({ length: 2_700 }, (_, n) => intent(`r${n}`, { to: [`ann+${n}@a.example`] })),
  );
  const find = async () => {
    const { contents, texts, addresses } = await findPersonValues(store, "ann@a.example");
    return [...contents, ...texts, ...addresses];
  };
  let appended = 0;
  const dying: Pick<TrailStore, "append"> = {
    append: async (entry) => {
      if (appended++ === 1) throw new Error("killed");
      return store.append(entry);
    },
  };
  const all = await find();
  assert.equal(all.length, 8_100);
  await assert.rejects(eraseValues(dying, { ...BY, commitments: all }), /killed/);
  assert.ok((await verifyTrail(store)).ok, "what was erased is on record");
  const left = await find();
  assert.equal(left.length, 3_100);
  assert.deepEqual(await eraseValues(store, { ...BY, commitments: left }), [2_701]);
  assert.deepEqual(await find(), []);
  assert.ok((await verifyTrail(store)).ok);
  await store.close();
});

/** Two open emails to Ann, a delivered one, one that names her, and one that does not; and an approver's words. */
function emails(): readonly TrailEntry[] {
  const to = ["Ann+bills@a.example", "bob@b.example"];
  const words = new Sealer();
  const rejected = lifecycle("r3", "rejected");
  const data = {
    ...rejected.data,
    by: words.seal("address", "ann@A.example"),
    reason: words.seal("text", "Not before Monday"),
  };
  const files = new Sealer();
  return [
    intent("r1", { to, subject: "For Ann, personally", body: `Dear Ann, ${LONG}` }),
    intent("r2", { to: ["ann@a.example"], subject: "Second for Ann", body: "Short body for Ann" }),
    intent("r3", {
      to: ["bob@b.example", "ann@a.example"],
      subject: "Third for Ann",
      body: randomBytes(9_000).toString("hex"),
    }),
    outcome("r3"),
    { ...rejected, data, sealed: words.values },
    lifecycle("r3", "delivered"),
    intent("r4", {
      to: ["carl@c.example"],
      subject: "About others",
      body: `Ask ann@a.example about it. ${LONG}`,
    }),
    intent("r5", {
      to: ["ann.lee@a.example"],
      subject: "Somebody else",
      body: randomBytes(9_000).toString("base64"),
    }),
    {
      ...withData(lifecycle("r6", "sent"), {
        names: [
          files.seal("text", "Called ann@a.example"),
          files.seal("caller_key", "key-of-ann@a.example-1"),
          files.seal("caller_key", "ann@a.example/7"),
        ],
      }),
      sealed: files.values,
    },
  ];
}

/** A value's bytes and its salt's, in every form in which they could lie there; of long ones, pieces that fit a page. */
function formsOf({ value, salt }: Sealed): readonly Buffer[] {
  const text = Buffer.from(value);
  const packed = value.length >= 4_096 ? [deflateRawSync(value, { level: 3 })] : [];
  return [...[text, Buffer.from(value, "utf16le"), ...packed].flatMap(pieces), Buffer.from(salt)].flatMap(
    (bytes) => [
      bytes,
      Buffer.from(bytes.toString("hex")),
      Buffer.from(bytes.toString("hex").toUpperCase()),
      Buffer.from(bytes.toString("base64").replace(/=+$/, "")),
    ],
  );
}

function pieces(bytes: Buffer): readonly Buffer[] {
  if (bytes.length <= 64) return [bytes];
  return Array.from({ length: Math.min(40, Math.floor(bytes.length / 64)) }, (_, n) =>
    bytes.subarray(n * 64, n * 64 + 48),
  );
}

function isIn(path: string): (bytes: Buffer) => boolean {
  const folder = dirname(path);
  const files = readdirSync(folder).map((name) => readFileSync(join(folder, name)));
  return (bytes) => files.some((file) => file.includes(bytes));
}

async function appendAll(store: TrailStore, entries: readonly TrailEntry[]): Promise<void> {
  await Promise.all(entries.map((entry) => store.append(entry)));
}
