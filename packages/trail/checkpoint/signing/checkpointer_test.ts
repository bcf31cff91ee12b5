import assert from "node:assert/strict";
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import {
  Checkpointer,
  type CheckpointerOptions,
  type CheckpointRun,
  createNoteSigner,
  keyLabel,
  newestCheckpoint,
  parseCheckpoint,
  readLatestCheckpoint,
  signingKeyHistory,
  type TrailStore,
  verifyTrail,
  writeCheckpoint,
} from "../../mod.ts";
import { openSqliteTrail } from "../../store/sqlite/mod.ts";
import { createCosigner } from "../../testing/cosigner.ts";
import { lifecycle, NOON, withData } from "../../testing/entries.ts";
import { startWitness } from "../../testing/start_witness.ts";

const ORIGIN = "countersign/test";

interface Setup {
  readonly folder: string;
  readonly store: TrailStore;
  readonly key: KeyObject;
  now: number;
  readonly options: CheckpointerOptions;
  append(count: number): Promise<void>;
}

async function setUp(t: TestContext, changes: Partial<CheckpointerOptions> = {}): Promise<Setup> {
  const folder = mkdtempSync(join(tmpdir(), "checkpointer-"));
  const store = await openSqliteTrail(join(folder, "trail.sqlite"));
  t.after(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });
  const key = newKey();
  const setup: Setup = {
    folder,
    store,
    key,
    now: NOON,
    options: {
      trail: store,
      openKeys: async () => ({ key }),
      origin: undefined,
      defaultOrigin: ORIGIN,
      folder: join(folder, "checkpoints"),
      destinations: [],
      witnesses: [],
      clock: () => setup.now,
      ...changes,
    },
    append: async (count) => {
      await Promise.all(Array.from({ length: count }, (_, n) => store.append(lifecycle(`r${n}`, "sent"))));
    },
  };
  await setup.append(3);
  return setup;
}

function newKey(): KeyObject {
  return generateKeyPairSync("ed25519").privateKey;
}

function noteOf(run: CheckpointRun): string {
  return run.result === "refused" ? assert.fail(run.why) : (run.latest?.note ?? assert.fail());
}

async function assertWhole(store: TrailStore, checkpoints: number): Promise<void> {
  const result = await verifyTrail(store);
  assert.ok(result.ok, JSON.stringify(result));
  assert.equal(result.checkpoints.count, checkpoints);
}

test("run() signs when the trail has grown by more than checkpoints, and writes it into its folder", async (t) => {
  const { store, options, append } = await setUp(t);
  const checkpointer = new Checkpointer(options);
  const first = await checkpointer.run();
  assert.equal(first.result, "signed");
  // The key's record is among what is signed.
  assert.deepEqual([parseCheckpoint(noteOf(first)).origin, parseCheckpoint(noteOf(first)).size], [ORIGIN, 4]);
  assert.equal((await checkpointer.run()).result, "unchanged");
  assert.equal((await new Checkpointer(options).run()).result, "unchanged");
  await append(1);
  const second = await checkpointer.run();
  assert.equal(parseCheckpoint(noteOf(second)).size, 6);
  assert.deepEqual(readdirSync(options.folder).sort(), [
    "0000000000000004.txt",
    "0000000000000006.txt",
    "latest.txt",
  ]);
  assert.equal(readFileSync(join(options.folder, "latest.txt"), "utf8"), noteOf(second));
  assert.equal(readFileSync(join(options.folder, "0000000000000004.txt"), "utf8"), noteOf(first));
  for (const name of readdirSync(options.folder))
    assert.equal(statSync(join(options.folder, name)).mode & 0o777, 0o600);
  assert.equal(statSync(options.folder).mode & 0o777, 0o700);
  await assertWhole(store, 2);
});

test("run() sees that another one has signed lately", async (t) => {
  const setup = await setUp(t);
  const [a, b] = [newKey(), newKey()].map(
    (key, index) =>
      new Checkpointer({
        ...setup.options,
        openKeys: async () => ({ key }),
        folder: join(setup.folder, `gateway-${index}`),
      }),
  );
  assert.ok(a && b);
  await Promise.all([a.run({ quietMs: 60_000 }), b.run({ quietMs: 60_000 })]);
  const before = (await signingKeyHistory(setup.store)).length;
  assert.equal(before, 2);
  await setup.append(1);
  setup.now += 50_000;
  assert.equal((await a.run({ quietMs: 60_000 })).result, "unchanged");
  setup.now += 11_000;
  assert.equal((await b.run({ quietMs: 60_000 })).result, "signed");
  assert.equal((await a.run({ quietMs: 60_000 })).result, "unchanged");
  await Promise.all([setup.append(50), a.run(), b.run(), setup.append(50), a.run(), b.run()]);
  const result = await verifyTrail(setup.store);
  assert.ok(result.ok, JSON.stringify(result));
});

test("run() signs no trail that does not extend what was signed", async (t) => {
  const { folder, store, options, append } = await setUp(t);
  const copy = async (name: string) => {
    for (const suffix of ["", "-wal", "-shm"])
      cpSync(join(folder, `trail.sqlite${suffix}`), join(folder, `${name}.sqlite${suffix}`));
    const opened = await openSqliteTrail(join(folder, `${name}.sqlite`));
    t.after(() => opened.close());
    return opened;
  };
  await new Checkpointer(options).run();
  const older = await copy("older");
  await append(20);
  const { latest } = (await new Checkpointer(options).run()) as { latest?: { note: string } };
  assert.ok(latest);
  const restored = new Checkpointer({ ...options, trail: older });
  const size = (await older.head()).size;
  assert.match(
    (await restored.check()) ?? "",
    /^The trail has 5 records, .*of 25: .*an older copy was restored$/,
  );
  assert.equal((await restored.run()).result, "refused");
  await Promise.all(Array.from({ length: 40 }, () => older.append(lifecycle("other", "sent"))));
  assert.match(
    (await restored.check()) ?? "",
    /does not extend the checkpoint in latest\.txt, of 25 records/,
  );
  assert.equal((await restored.run()).result, "refused");
  assert.equal((await older.head()).size, size + 40, "nothing is appended");
  // A person has looked, and put the folder aside.
  const fresh = new Checkpointer({ ...options, trail: older, folder: join(folder, "new") });
  assert.equal((await fresh.run()).result, "signed");
  // The folder is gone, and the gateway remembers.
  const remembering = new Checkpointer({ ...options, folder: join(folder, "third") });
  await remembering.run();
  await append(3);
  await remembering.run();
  const cut = Object.create(store, {
    head: { value: () => older.head() },
    hashes: { value: older.hashes.bind(older) },
    checkpoints: { value: older.checkpoints.bind(older) },
  }) as TrailStore;
  const watching = new Checkpointer({ ...options, trail: cut, folder: join(folder, "third") });
  assert.equal((await watching.run()).result, "refused");
  for (const text of ["", "garbage", latest.note.replace("countersign", "other").replace("25", "025")]) {
    writeFileSync(join(options.folder, "latest.txt"), text);
    const run = await new Checkpointer(options).run();
    assert.ok(run.result === "refused" && run.why.includes("latest.txt"));
  }
});

test("run() goes on when a place cannot be reached, and tries again", async (t) => {
  const witness = await startWitness(t, () => []);
  const setup = await setUp(t);
  const worm = join(setup.folder, "worm");
  const destinations = [
    { kind: "file", path: worm },
    { kind: "url", url: `${witness.url}/in?token=secret` },
  ] as const;
  const checkpointer = new Checkpointer({ ...setup.options, destinations });
  witness.answer = { status: 302, headers: { Location: `${witness.url}/elsewhere` } };
  const first = await checkpointer.run();
  assert.deepEqual(first.failures.map(({ kind, to }) => [kind, to]).sort(), [
    ["file", `file:${worm}`],
    ["url", `${witness.url}/in`],
  ]);
  assert.match(JSON.stringify(first.failures), /the answer was 302/);
  assert.ok(!JSON.stringify(first.failures).includes("secret"));
  mkdirSync(worm);
  witness.answer = { status: 500, body: "x".repeat(1_000_000) };
  assert.deepEqual(
    (await checkpointer.run()).failures.map(({ kind }) => kind),
    ["url"],
  );
  assert.equal(readFileSync(join(worm, "latest.txt"), "utf8"), noteOf(first));
  witness.answer = undefined;
  assert.deepEqual((await checkpointer.run()).failures, []);
  assert.deepEqual((await checkpointer.run()).failures, []);
  assert.deepEqual(witness.received, [noteOf(first)]);
  chmodSync(setup.options.folder, 0o500);
  await setup.append(1);
  if (process.getuid?.() !== 0) {
    const blocked = await checkpointer.run();
    assert.deepEqual([blocked.result, blocked.failures[0]?.kind], ["signed", "folder"]);
  }
  chmodSync(setup.options.folder, 0o700);
  const closed = await startWitness(t, () => []);
  await closed.close();
  const gone = new Checkpointer({
    ...setup.options,
    destinations: [{ kind: "url", url: `${closed.url}/in` }],
  });
  assert.match((await gone.run()).failures[0]?.message ?? "", /^the connection failed \(/);
});

test("run() has checkpoints cosigned, and keeps a cosignature that is valid", async (t) => {
  const setup = await setUp(t);
  const trusted = createNoteSigner(ORIGIN, setup.key).key;
  const witness = await startWitness(t, () => [trusted]);
  const options = {
    ...setup.options,
    witnesses: [witness],
    destinations: [{ kind: "url", url: `${witness.url}/in` }] as const,
  };
  const checkpointer = new Checkpointer(options);
  assert.deepEqual((await checkpointer.run()).failures, []);
  await setup.append(7);
  const second = await checkpointer.run();
  assert.deepEqual([second.failures, parseCheckpoint(noteOf(second)).note.signatures.length], [[], 2]);
  // One that knows nothing of it asks with the wrong size first.
  await setup.append(70);
  const other = new Checkpointer(options);
  assert.deepEqual((await other.run()).failures, []);
  await setup.append(1);
  assert.deepEqual((await checkpointer.run()).failures, []);
  assert.deepEqual(witness.asked, [0, 4, 0, 12, 12, 83]);
  const verified = await verifyTrail(setup.store, { witnesses: [witness.key] });
  assert.ok(verified.ok, JSON.stringify(verified));
  assert.deepEqual(verified.checkpoints.witnesses, [
    { verifier: witness.key.text, checkpoints: 4, size: witness.size },
  ]);
  const newest = await newestCheckpoint(setup.store);
  assert.equal(parseCheckpoint(newest?.note ?? "").note.signatures.length, 2);
  assert.equal(readFileSync(join(options.folder, "latest.txt"), "utf8"), newest?.note);
  assert.equal(witness.received.at(-1), newest?.note);
});

test("run() keeps nothing of a witness that answers wrongly, and says why", async (t) => {
  const setup = await setUp(t);
  const witness = await startWitness(t, () => []);
  const stranger = createCosigner(witness.key.name);
  const checkpointer = new Checkpointer({ ...setup.options, witnesses: [witness] });
  const type = { "Content-Type": "text/x.tlog.size" };
  const line = (id: string) => {
    const signature = Buffer.concat([Buffer.from(id, "hex"), Buffer.alloc(72)]).toString("base64");
    return `\u2014 ${witness.key.name} ${signature}\n`;
  };
  const cases = [
    [{ status: 403 }, /does not know the key that signed/],
    [{ status: 404 }, /does not know this trail's origin/],
    [{ status: 422 }, /was the trail rewritten\?/],
    [
      { status: 409, body: "5000\n", headers: type },
      /it has cosigned a tree of 5000 records.*older copy restored\?/,
    ],
    [{ status: 409, body: "3\n", headers: type }, /it has cosigned another tree/],
    [{ status: 409, body: "03\n", headers: type }, /it has cosigned another tree/],
    [{ status: 409, body: "3\n" }, /it has cosigned another tree/],
    [{ status: 200, body: "" }, /its answer is no signature/],
    [{ status: 200, body: "<html>" }, /its answer is no signature/],
    [{ status: 200, body: line(stranger.key.id) }, /has no signature by the key that is configured/],
    [{ status: 200, body: line(witness.key.id) }, /its signature is not valid, and is not kept/],
    [{ status: 200, body: line(witness.key.id).repeat(1_000) }, /its answer is no signature/],
    [{ status: 503 }, /the answer was 503, want 200/],
  ] as const;
  for (const [answer, wanted] of cases) {
    witness.answer = answer;
    const run = await checkpointer.run();
    assert.deepEqual(
      run.failures.map(({ kind }) => kind),
      ["witness"],
    );
    assert.match(run.failures[0]?.message ?? "", wanted);
  }
  const newest = await newestCheckpoint(setup.store);
  assert.equal(parseCheckpoint(newest?.note ?? "").note.signatures.length, 1);
  assert.equal((await checkpointer.run({ withoutWitnesses: true })).failures.length, 0);
  await assertWhole(setup.store, 1);
});

test("run() lets the key before vouch for a new one, when it is at hand, and removes it then", async (t) => {
  const setup = await setUp(t);
  const [old, next, third] = [setup.key, newKey(), newKey()];
  const retired: string[] = [];
  const retire = async () => {
    retired.push("old");
  };
  const withKeys = (keys: Awaited<ReturnType<CheckpointerOptions["openKeys"]>>, origin?: string) =>
    new Checkpointer({ ...setup.options, origin, openKeys: async () => keys }).run();
  // A key that never signed here is left alone.
  await withKeys({ key: old, previous: third, retire });
  assert.deepEqual(retired, []);
  const rotated = await withKeys({ key: next, previous: old, retire });
  assert.equal(rotated.result, "signed");
  assert.equal(parseCheckpoint(noteOf(rotated)).note.signatures.length, 2);
  assert.deepEqual(retired, ["old"]);
  // It died before the old key was removed: the next run does it, and signs nothing for that.
  const late = await withKeys({ key: next, previous: old, retire });
  assert.deepEqual([late.result, retired], ["unchanged", ["old", "old"]]);
  await setup.append(1);
  assert.equal(parseCheckpoint(noteOf(await withKeys({ key: next }))).note.signatures.length, 1);
  // The same key under another name.
  const renamed = await withKeys({ key: next }, "countersign/other");
  assert.equal(parseCheckpoint(noteOf(renamed)).note.signatures.length, 2);
  await setup.append(1);
  assert.equal(parseCheckpoint(noteOf(await withKeys({ key: next }))).origin, "countersign/other");
  await withKeys({ key: third });
  const result = await verifyTrail(setup.store);
  assert.ok(result.ok, JSON.stringify(result));
  assert.deepEqual(
    result.checkpoints.keys.map(({ vouched }) => vouched),
    [false, true, true, false],
  );
  const first = createNoteSigner(ORIGIN, old).key;
  const pinned = await verifyTrail(setup.store, { keys: [first] });
  assert.ok(!pinned.ok && pinned.problems.every(({ what }) => what === "forged"));
  const both = await verifyTrail(setup.store, {
    keys: [first, createNoteSigner("countersign/other", third).key],
  });
  assert.ok(both.ok, JSON.stringify(both));
});

test("run() lets its own key vouch, whatever others put on record", async (t) => {
  const setup = await setUp(t);
  const next = newKey();
  const withKeys = (keys: Awaited<ReturnType<CheckpointerOptions["openKeys"]>>) =>
    new Checkpointer({ ...setup.options, openKeys: async () => keys }).run();
  await withKeys({ key: setup.key });
  const nobody = { team: null, assistant: null, receipt: null, policy: null };
  for (const verifier of ["garbage", 7, createNoteSigner("x", newKey()).key.text]) {
    const data = { change: "signing", verifier: "", previous: null, vouch: null } as const;
    await setup.store.append(withData({ ...nobody, kind: "key", at: NOON, data }, { verifier }));
  }
  await withKeys({ key: next, previous: setup.key });
  const history = await signingKeyHistory(setup.store);
  assert.equal(history.length, 3);
  assert.equal(history.at(-1)?.previous, keyLabel(createNoteSigner(ORIGIN, setup.key).key));
  assert.notEqual(history.at(-1)?.vouch, null);
});

test("readLatestCheckpoint() never finds a part, and latest.txt never goes back", async (t) => {
  const { options, append, store } = await setUp(t);
  const checkpointer = new Checkpointer(options);
  await checkpointer.run();
  const first = await newestCheckpoint(store);
  const sizes: number[] = [];
  for (let round = 0; round < 10; round++) {
    await append(1);
    const [latest] = await Promise.all([readLatestCheckpoint(options.folder), checkpointer.run()]);
    sizes.push(latest?.size ?? 0);
  }
  assert.deepEqual(
    sizes,
    sizes.toSorted((a, b) => a - b),
  );
  assert.ok(first);
  await writeCheckpoint(options.folder, { size: parseCheckpoint(first.note).size, note: first.note });
  const { size } = (await readLatestCheckpoint(options.folder)) ?? assert.fail();
  assert.ok(size > 20);
});
