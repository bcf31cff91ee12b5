import assert from "node:assert/strict";
import { generateKeyPairSync, hash } from "node:crypto";
import { copyFileSync } from "node:fs";
import { type TestContext, test } from "node:test";
import type Database from "better-sqlite3";
import {
  type CheckpointData,
  createNoteSigner,
  Frontier,
  formatCheckpoint,
  formatNote,
  keyLabel,
  type NoteSigner,
  type OutsideCheckpoint,
  parseCheckpoint,
  parseNote,
  type RawRecord,
  recordSigningKey,
  type SigningKeyData,
  signCheckpoint,
  type TrailProblem,
  type TrailStore,
  type VerifyTrailOptions,
  type VerifyTrailResult,
  verifyTrail,
} from "../../mod.ts";
import { createCosigner } from "../../testing/cosigner.ts";
import { lifecycle, NOON } from "../../testing/entries.ts";
import { openSqliteTrail } from "./open_trail.ts";
import { rawDatabase } from "./raw_database.ts";
import { edit, jsonOf, put, rewriteTree } from "./testing/tamper.ts";
import { testFile } from "./testing/test_folder.ts";

type Found = readonly [seq: number | null, what: TrailProblem["what"]];

const ORIGIN = "countersign/test";
const signer = newSigner();
const thief = newSigner();
const witness = createCosigner("witness.example/w1");

/** Records with checkpoints in between; the last one is cosigned. */
const FIRST = 301;
const SECOND = 502;
const THIRD = 603;
const SIZE = 614;

function newSigner(): NoteSigner {
  return createNoteSigner(ORIGIN, generateKeyPairSync("ed25519").privateKey);
}

async function makeTrail(path: string): Promise<readonly OutsideCheckpoint[]> {
  const store = await openSqliteTrail(path);
  const outside: OutsideCheckpoint[] = [];
  await recordSigningKey(store, { signer, current: null, predecessor: undefined, at: NOON });
  for (const count of [300, 200, 100]) {
    await append(store, count);
    const head = await store.head();
    const { note } = await signCheckpoint(store, { origin: ORIGIN, signers: [signer], at: NOON, head });
    outside.push({ name: `${head.size}.txt`, checkpoint: parseCheckpoint(note) });
  }
  const { note } = outside[2]?.checkpoint ?? assert.fail();
  await store.replaceNote(
    THIRD,
    formatNote({ ...note, signatures: [...note.signatures, witness.sign(note.text)] }),
  );
  await append(store, 10);
  assert.equal((await store.head()).size, SIZE);
  await store.close();
  return outside;
}

async function append(store: TrailStore, count: number): Promise<void> {
  await Promise.all(Array.from({ length: count }, (_, n) => store.append(lifecycle(`r${n}`, "sent"))));
}

/** Rewrites the trail with fresh hashes and, where checkpoints are, with fresh signatures. */
function rewriteAll(db: Database.Database, by: NoteSigner): void {
  edit(db, 100, { team: "sales" });
  const tree = new Frontier();
  const setNote = db.prepare("UPDATE checkpoints SET note = ? WHERE seq = ?");
  for (let seq = 0; seq < SIZE; seq++) {
    const record = JSON.parse(jsonOf(db, seq)) as RawRecord;
    if (record.kind === "key") edit(db, seq, { data: { ...record.data, verifier: by.key.text } });
    if (record.kind === "checkpoint") {
      const text = formatCheckpoint(ORIGIN, { size: seq, root: tree.root() });
      const note = formatNote({ text, signatures: [by.sign(text)] });
      const root = Buffer.from(tree.root()).toString("hex");
      const data = {
        ...record.data,
        root,
        key: keyLabel(by.key),
        note: hash("sha256", note),
      };
      edit(db, seq, { data });
      setNote.run(note, seq);
    }
    tree.append(db.prepare("SELECT leaf FROM records WHERE seq = ?").pluck().get(seq) as Uint8Array);
  }
  rewriteTree(db);
}

/** Changes the data of a checkpoint, with fresh hashes. */
function editData(db: Database.Database, seq: number, change: Partial<CheckpointData>): void {
  const { data } = JSON.parse(jsonOf(db, seq)) as RawRecord;
  edit(db, seq, { data: { ...data, ...change } });
  rewriteTree(db);
}

function putNote(db: Database.Database, seq: number, change: (note: string) => string): void {
  const note = db.prepare("SELECT note FROM checkpoints WHERE seq = ?").pluck().get(seq) as string;
  db.prepare("UPDATE checkpoints SET note = ? WHERE seq = ?").run(change(note), seq);
}

/** What somebody does who has the file and SQLite, and what is found, without and with what is kept outside. */
const TAMPERINGS: Readonly<
  Record<string, readonly [tamper: string | ((db: Database.Database) => void), ...found: Found[]]>
> = {
  "removes a note": [`DELETE FROM checkpoints WHERE seq = ${FIRST}`, [FIRST, "removed"]],
  "swaps two notes": [
    `UPDATE checkpoints SET seq = -seq; UPDATE checkpoints SET seq = CASE seq WHEN -${FIRST} THEN ${SECOND} WHEN -${SECOND} THEN ${FIRST} ELSE -seq END`,
    [FIRST, "changed"],
    [SECOND, "changed"],
  ],
  "changes a note's text": [
    (db) => putNote(db, FIRST, (note) => note.replace(String(FIRST), "300")),
    [FIRST, "changed"],
  ],
  "changes a signature": [
    (db) => putNote(db, FIRST, (note) => note.replace(/.{8}==?\n$|.{8}\n$/, "AAAAAAA=\n")),
    [FIRST, "changed"],
  ],
  "makes a note something else": [(db) => putNote(db, FIRST, () => "x"), [FIRST, "changed"]],
  "lays a note beside another record": ["INSERT INTO checkpoints VALUES (5, 'x')", [5, "added"]],
  "leaves a note of a record that is not there": [
    `INSERT INTO checkpoints VALUES (${SIZE}, 'x')`,
    [SIZE, "removed"],
  ],
  "changes a checkpoint and all above it": [(db) => editData(db, SECOND, { size: 300 }), [SECOND, "changed"]],
  "lets a checkpoint be about what comes after it": [
    (db) => editData(db, SECOND, { size: SECOND + 1 }),
    [SECOND, "forged"],
  ],
  "signs a checkpoint with a key of his own": [
    (db) => {
      const { note } = parseCheckpoint(
        db.prepare("SELECT note FROM checkpoints WHERE seq = ?").pluck().get(THIRD) as string,
      );
      const forged = formatNote({ text: note.text, signatures: [thief.sign(note.text)] });
      putNote(db, THIRD, () => forged);
      editData(db, THIRD, { note: hash("sha256", forged), key: keyLabel(thief.key) });
    },
    [THIRD, "forged"],
  ],
  "rewrites a record below the first checkpoint, and the tree": [
    (db) => {
      edit(db, 100, { team: "sales" });
      rewriteTree(db);
    },
    [0, "rewritten"],
  ],
  "rewrites a record between two, and the tree": [
    (db) => {
      edit(db, 400, { team: "sales" });
      rewriteTree(db);
    },
    [FIRST, "rewritten"],
  ],
  "makes the key another one": [
    (db) => {
      const { data } = JSON.parse(jsonOf(db, 0)) as RawRecord;
      edit(db, 0, { data: { ...data, verifier: thief.key.text } });
      rewriteTree(db);
    },
    [0, "rewritten"],
    [FIRST, "forged"],
    [SECOND, "forged"],
    [THIRD, "forged"],
  ],
  "makes the key none": [
    (db) => {
      put(db, 0, jsonOf(db, 0).replace(signer.key.id, "00000000"));
      rewriteTree(db);
    },
    [0, "forged"],
  ],
};

const template = testFile({
  after: (end: () => void) => process.once("exit", end),
} as unknown as TestContext);
const outside = await makeTrail(template);

async function verifyTampered(
  t: TestContext,
  tamper: (path: string) => void | Promise<void>,
  options: VerifyTrailOptions = {},
): Promise<VerifyTrailResult> {
  const path = testFile(t);
  copyFileSync(template, path);
  await tamper(path);
  const store = await openSqliteTrail(path, { readonly: true });
  const result = await verifyTrail(store, options);
  await store.close();
  return result;
}

function withDatabase(change: (db: Database.Database) => void): (path: string) => void {
  return (path) => {
    const db = rawDatabase(path);
    change(db);
    db.close();
  };
}

function foundIn(result: VerifyTrailResult): readonly Found[] {
  return result.ok ? [] : result.problems.map(({ seq, what }) => [seq, what]);
}

test("verifyTrail() tells what checkpoints are worth", async (t) => {
  const result = await verifyTampered(t, () => {}, {
    keys: [signer.key],
    witnesses: [witness.key],
    since: outside,
  });
  assert.ok(result.ok, JSON.stringify(result));
  assert.deepEqual(result.checkpoints, {
    count: 3,
    size: THIRD,
    keys: [
      { verifier: signer.key.text, since: 0, previous: null, vouched: false, counts: true, checkpoints: 3 },
    ],
    witnesses: [{ verifier: witness.key.text, checkpoints: 1, size: THIRD }],
  });
});

test("verifyTrail() names what was done to checkpoints by somebody who", async (t) => {
  for (const [what, [tamper, ...wanted]] of Object.entries(TAMPERINGS)) {
    await t.test(what, async (t) => {
      const change = typeof tamper === "string" ? (db: Database.Database) => db.exec(tamper) : tamper;
      const result = await verifyTampered(t, withDatabase(change));
      const found = foundIn(result);
      for (const one of wanted)
        assert.ok(
          found.some(([seq, problem]) => seq === one[0] && problem === one[1]),
          JSON.stringify(result, null, 1),
        );
      for (const { message } of result.ok ? [] : result.problems) assert.match(message, /^[A-Z].*[^.]$/);
    });
  }
});

test("verifyTrail() finds by a checkpoint from outside what a stolen key rewrote", async (t) => {
  const rewrite = withDatabase((db) => rewriteAll(db, signer));
  const alone = await verifyTampered(t, rewrite, { keys: [signer.key] });
  assert.ok(alone.ok, JSON.stringify(alone));
  for (const since of [outside, outside.slice(1), outside.slice(2)])
    assert.deepEqual(foundIn(await verifyTampered(t, rewrite, { since })), [[0, "rewritten"]]);
});

test("verifyTrail() finds by the key, or a checkpoint from outside, what another key rewrote", async (t) => {
  const rewrite = withDatabase((db) => rewriteAll(db, thief));
  assert.ok((await verifyTampered(t, rewrite)).ok);
  assert.deepEqual(foundIn(await verifyTampered(t, rewrite, { keys: [signer.key] })), [[null, "forged"]]);
  const since = outside.slice(0, 1);
  assert.deepEqual(foundIn(await verifyTampered(t, rewrite, { since })), [
    [0, "rewritten"],
    [null, "forged"],
  ]);
});

test("verifyTrail() finds by a checkpoint from outside that an older copy was restored, and continued", async (t) => {
  const older = testFile(t);
  copyFileSync(template, older);
  const store = await openSqliteTrail(older);
  await append(store, 100);
  const head = await store.head();
  const { note } = await signCheckpoint(store, { origin: ORIGIN, signers: [signer], at: NOON, head });
  await store.close();
  const since = [...outside, { name: "latest.txt", checkpoint: parseCheckpoint(note) }];
  const restored = await verifyTampered(t, () => {}, { since });
  assert.deepEqual(foundIn(restored), [[SIZE, "cut_off"]]);
  assert.match(JSON.stringify(restored), /cut off, or restored from an older copy, after record 613/);
  const continued = await verifyTampered(
    t,
    async (path) => {
      const again = await openSqliteTrail(path);
      await Promise.all(Array.from({ length: 120 }, () => again.append(lifecycle("other", "sent"))));
      await again.close();
    },
    { since },
  );
  assert.deepEqual(foundIn(continued), [[THIRD, "rewritten"]]);
  assert.match(JSON.stringify(continued), /after record 602/);
});

test("verifyTrail() refuses a checkpoint from outside that was changed, or is of another trail", async (t) => {
  const [first] = outside;
  assert.ok(first);
  const { note } = first.checkpoint;
  const other = formatNote({ text: note.text, signatures: [thief.sign(note.text)] });
  const changed = formatNote(note).replace(`\n${FIRST}\n`, "\n300\n");
  for (const [text, wanted] of [
    [other, [[null, "forged"]]],
    [
      changed,
      [
        [0, "rewritten"],
        [null, "forged"],
      ],
    ],
  ] as const) {
    const since = [{ name: "x.txt", checkpoint: parseCheckpoint(text) }];
    assert.deepEqual(foundIn(await verifyTampered(t, () => {}, { since })), wanted);
  }
});

test("verifyTrail() refuses a cosignature that its witness did not make, and does not miss one that is gone", async (t) => {
  const options = { witnesses: [witness.key] };
  const other = createCosigner("witness.example/w1");
  const forge = withDatabase((db) =>
    putNote(db, THIRD, (text) => {
      const note = parseNote(text);
      const signature = { ...other.sign(note.text), id: witness.key.id };
      return formatNote({ ...note, signatures: [...note.signatures.slice(0, 1), signature] });
    }),
  );
  assert.deepEqual(foundIn(await verifyTampered(t, forge, options)), [[THIRD, "forged"]]);
  const remove = withDatabase((db) =>
    putNote(db, THIRD, (text) => {
      const note = parseNote(text);
      return formatNote({ ...note, signatures: note.signatures.slice(0, 1) });
    }),
  );
  const removed = await verifyTampered(t, remove, options);
  assert.ok(removed.ok && removed.checkpoints.witnesses[0]?.checkpoints === 0);
});

test("verifyTrail() counts only keys that one from outside vouches for", async (t) => {
  const path = testFile(t);
  const store = await openSqliteTrail(path);
  const [first, second, stranger] = [signer, newSigner(), newSigner()];
  const history = (by: NoteSigner): SigningKeyData => ({
    change: "signing",
    verifier: by.key.text,
    previous: null,
    vouch: null,
  });
  const sign = async (...signers: readonly [NoteSigner, ...NoteSigner[]]) =>
    signCheckpoint(store, { origin: ORIGIN, signers, at: NOON, head: await store.head() });
  await recordSigningKey(store, { signer: first, current: null, predecessor: undefined, at: NOON });
  await sign(first);
  await recordSigningKey(store, { signer: second, current: history(first), predecessor: first, at: NOON });
  await sign(second, first);
  await sign(second);
  for (const keys of [[], [first.key], [second.key], [first.key, second.key]]) {
    const result = await verifyTrail(store, { keys });
    assert.ok(result.ok, JSON.stringify(result));
    assert.deepEqual(
      result.checkpoints.keys.map(({ since, vouched, checkpoints }) => [since, vouched, checkpoints]),
      [
        [0, false, 2],
        [2, true, 2],
      ],
    );
    assert.equal(result.checkpoints.count, keys[0] === second.key ? 2 : 3);
  }
  assert.deepEqual(foundIn(await verifyTrail(store, { keys: [stranger.key] })), [[null, "forged"]]);
  // Somebody who can write the trail, and has no key of it, names his own; the gateway goes on signing.
  await recordSigningKey(store, {
    signer: thief,
    current: history(second),
    predecessor: undefined,
    at: NOON,
  });
  await sign(second);
  await sign(thief);
  const trusting = await verifyTrail(store);
  assert.ok(trusting.ok && trusting.checkpoints.keys[2]?.vouched === false);
  assert.deepEqual(foundIn(await verifyTrail(store, { keys: [first.key] })), [[7, "forged"]]);
  // He says that it is vouched for.
  const lie = { ...history(stranger), previous: keyLabel(second.key), vouch: "a\n\n\u2014 a AAAAAAAA\n" };
  const nobody = { team: null, assistant: null, receipt: null, policy: null };
  await store.append({ ...nobody, kind: "key", at: NOON, data: lie });
  assert.deepEqual(foundIn(await verifyTrail(store)), [[8, "forged"]]);
  await store.close();
});
