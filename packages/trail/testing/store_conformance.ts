import assert from "node:assert/strict";
import { generateKeyPairSync, hash, randomBytes } from "node:crypto";
import { type TestContext, test } from "node:test";
import {
  type AppendResult,
  commitmentOf,
  consistencyProof,
  countFound,
  createNoteSigner,
  eraseOldBodies,
  eraseValues,
  findPersonValues,
  findRecords,
  inclusionProof,
  leafHash,
  type RecordFilter,
  recordSigningKey,
  rootOf,
  type SealedKind,
  Sealer,
  type StoredRecord,
  signCheckpoint,
  type TrailEntry,
  type TrailFilter,
  type TrailStore,
  verifyConsistency,
  verifyInclusion,
  verifyTrail,
  type Wanted,
  type WantingEntry,
} from "../mod.ts";
import { naivePath, naiveProof, naiveRoot } from "../tree/testing/naive_tree.ts";
import { checkpoint, erasure, intent, lifecycle, NOON, outcome, withData } from "./entries.ts";

/** A place for one trail, which several stores can have open at a time. */
export interface TestStorage {
  open(): Promise<TrailStore>;
  remove(): Promise<void>;
}

const DAY = 24 * 60 * 60_000;

/** Whose entries those of `entries.ts` are. */
const CHASER = { team: "finance", assistant: "invoice-chaser" };

/** Registers the tests that every store has to pass, under the store's name. */
export function testStoreConformance(name: string, createStorage: () => Promise<TestStorage>): void {
  /** Storage that is gone after the test, and a way to open stores on it that are closed by then. */
  async function storageFor(t: TestContext): Promise<() => Promise<TrailStore>> {
    const storage = await createStorage();
    const opened: TrailStore[] = [];
    t.after(async () => {
      for (const store of opened) await store.close();
      await storage.remove();
    });
    return async () => {
      const store = await storage.open();
      opened.push(store);
      return store;
    };
  }

  const storeTest = (what: string, run: (store: TrailStore, t: TestContext) => Promise<void>) =>
    test(`${name} ${what}`, async (t) => run(await (await storageFor(t))(), t));

  storeTest("begins with the empty tree", async (store) => {
    assert.deepEqual(await store.head(), { size: 0, root: rootOf([]) });
    assert.deepEqual(await collect(store), []);
    assert.deepEqual(await store.openIntents(), []);
    assert.equal(await store.latestReceipt("finance", "invoice-chaser"), undefined);
    assert.ok((await verifyTrail(store)).ok);
  });

  storeTest("firstOutsideRead() finds when a team first was shown mail from outside", async (store) => {
    const read = (team: string, seconds: number, outside: boolean | null): TrailEntry => {
      const entry = outcome(`read ${team} ${seconds}`, "answered", { team, at: NOON + seconds * 1_000 });
      return { ...entry, data: { ...entry.data, outside } };
    };
    await appendAll(store, [
      read("finance", 1, false),
      read("finance", 2, null),
      // Clocks jump: the order of times is not that of records.
      read("finance", 9, true),
      read("sales", 3, true),
      read("finance", 5, true),
      withData(lifecycle("r1", "sent", { at: NOON + 4_000 }), { outside: true }),
    ]);
    const first = (team: string, seconds: number) => store.firstOutsideRead(team, NOON + seconds * 1_000);
    assert.equal(await first("finance", 0), NOON + 5_000);
    assert.equal(await first("finance", 5), NOON + 5_000);
    assert.equal(await first("finance", 6), NOON + 9_000);
    assert.equal(await first("finance", 10), undefined);
    assert.equal(await first("sales", 0), NOON + 3_000);
    assert.equal(await first("Finance", 0), undefined);
  });

  storeTest("append() numbers records in the order of calls", async (store) => {
    const results = await appendAll(
      store,
      range(300).map((n) => intent(`r${n}`)),
    );
    assert.deepEqual(
      results,
      range(300).map((seq) => ({ ok: true, seq })),
    );
    const records = await collect(store);
    assert.deepEqual(
      records.map(({ record }) => record.receipt),
      range(300).map((n) => `r${n}`),
    );
    assert.deepEqual(
      records.map(({ record }) => record.seq),
      range(300),
    );
  });

  storeTest("appendAll() appends in order", async (store) => {
    await store.append(intent("r1"));
    assert.deepEqual(
      await store.appendAll([outcome("r1"), lifecycle("r1", "sent"), lifecycle("r1", "delivered")]),
      [1, 2, 3].map((seq) => ({ ok: true, seq })),
    );
    assert.deepEqual(
      (await store.recordsOf("r1")).map(({ record }) => record.kind),
      ["intent", "outcome", "lifecycle", "lifecycle"],
    );
    assert.deepEqual(await store.openIntents(), []);
    assert.deepEqual(await store.watchedEmails(), [], "what one entry begins, a later one ends");
    assert.deepEqual(await store.appendAll([]), []);
    assert.ok((await verifyTrail(store)).ok);
  });

  storeTest("tryAppendAll() leaves out what is refused, and nothing else", async (store) => {
    const once = limitOf("once", 1_000, 1);
    const results = await store.tryAppendAll([
      { ...lifecycle("r1", "sent"), ...once },
      { ...lifecycle("r1", "held"), ...once },
      lifecycle("r1", "delivered"),
    ]);
    assert.deepEqual(
      results.map((result) => (result.ok ? result.seq : result.reason)),
      [0, "limit", 1],
    );
    const events = (await store.recordsOf("r1")).map(
      ({ record }) => record.kind === "lifecycle" && record.data.event,
    );
    assert.deepEqual(events, ["sent", "delivered"]);
    assert.deepEqual(await store.tryAppendAll([]), []);
  });

  storeTest("appendAll() appends nothing when one of its entries cannot be", async (store) => {
    const wrong = { ...outcome("r2"), policyTexts: [{ hash: "00".repeat(32), text: "x" }] };
    await assert.rejects(store.appendAll([outcome("r1"), wrong]), TypeError);
    assert.equal((await store.head()).size, 0);
  });

  storeTest("append() keeps the record as canonical JSON with its leaf hash", async (store) => {
    const entry = intent("r1", { at: NOON + 7, policy: null });
    await store.append(entry);
    const [stored] = await collect(store);
    assert.ok(stored);
    const { kind, team, assistant, receipt, policy, data } = entry;
    assert.deepEqual(stored.record, {
      seq: 0,
      at: "2026-11-23T12:00:00.007Z",
      kind,
      team,
      assistant,
      receipt,
      policy,
      data,
    });
    assert.ok(
      stored.json.startsWith(
        '{"assistant":"invoice-chaser","at":"2026-11-23T12:00:00.007Z","data":{"about":null,',
      ),
    );
    assert.ok(stored.json.endsWith('"policy":null,"receipt":"r1","seq":0,"team":"finance"}'));
    assert.deepEqual(Buffer.from(stored.leaf), leafHash(stored.json));
  });

  storeTest("append() takes text that is not well-formed or looks like its own JSON", async (store) => {
    const text = `\ud800 \\ud800 "seq":9007199254740991,"team":"x" \u0000 \u2028 😀`;
    await store.append(withData(lifecycle("r1", "sent", { team: text }), { multimail_status: text }));
    const [stored] = await collect(store);
    assert.equal(stored?.record.team, text.replace("\ud800", "\ufffd"));
    assert.equal(stored?.record.seq, 0);
    assert.ok((await verifyTrail(store)).ok);
  });

  test(`${name} keeps everything across a reopening`, async (t) => {
    const open = await storageFor(t);
    const first = await open();
    const entry = intent("r1", claimOf("k1"));
    await appendAll(first, [entry, intent("r2", { effect: "deny" }), outcome("r0")]);
    const head = await first.head();
    const records = await collect(first);
    await first.close();
    const second = await open();
    assert.deepEqual(await second.head(), head);
    assert.deepEqual(await collect(second), records);
    assert.equal((await second.openIntents()).length, 1);
    assert.equal(await second.latestReceipt("finance", "invoice-chaser"), "r1");
    assert.equal((await second.tryAppend(intent("r3", claimOf("k1")))).ok, false);
    assert.equal((await second.unseal(commitmentsOf(entry))).size, 3);
    assert.ok((await verifyTrail(second)).ok);
  });

  storeTest("tryAppend() gives one claim to one of 200 at a time", async (store) => {
    const results = await appendAll(
      store,
      range(200).map((n) => intent(`r${n}`, claimOf("k", `f${n}`))),
    );
    assert.equal(results.filter(({ ok }) => ok).length, 1);
    assert.deepEqual(results[7], {
      ok: false,
      reason: "claimed",
      claim: { key: "k", fingerprint: "f7", expiresAt: NOON + 1_000 },
      receipt: "r0",
      fingerprint: "f0",
    });
    assert.equal((await store.head()).size, 1);
  });

  storeTest("tryAppend() takes an expired claim over, and its own again", async (store) => {
    const at = (ms: number) => ({ at: NOON + ms, ...claimOf("k", "f", NOON + ms + 1_000) });
    assert.ok((await store.tryAppend(intent("r1", at(0)))).ok);
    await store.append(outcome("r1", "accepted"));
    assert.equal(
      (await store.tryAppend(intent("r2", at(999)))).ok,
      false,
      "an accepted email keeps its claim",
    );
    assert.ok((await store.tryAppend(intent("r3", at(1_000)))).ok);
    await store.append(outcome("r1", "refused"));
    assert.equal((await store.tryAppend(intent("r4", at(1_001)))).ok, false, "r3 holds it now");
  });

  storeTest(
    "tryAppend() keeps the claims of an open intent, however old, until it is settled",
    async (store) => {
      const day = { at: NOON + DAY, ...claimOf("k", "f", NOON + 2 * DAY) };
      assert.ok((await store.tryAppend(intent("r1", claimOf("k")))).ok);
      // What is over is cleared away with every append.
      await store.append(lifecycle("r0", "sent", { at: NOON + DAY }));
      assert.equal((await store.tryAppend(intent("r2", day))).ok, false);
      assert.equal((await store.findClaim(day.claims, day.at))?.receipt, "r1");
      await store.append(outcome("r1", "accepted", { at: NOON + DAY }));
      assert.ok((await store.tryAppend(intent("r3", day))).ok);
    },
  );

  storeTest("tryAppend() gives a claim to one decision about a receipt", async (store) => {
    assert.ok((await store.tryAppend(intent("r1", claimOf("decide:r1", "cancel a")))).ok);
    const [same, other] = [claimOf("decide:r1", "cancel a"), claimOf("decide:r1", "approve b")];
    assert.ok((await store.tryAppend({ ...lifecycle("r1", "denied"), ...same })).ok);
    const refused = await store.tryAppend({ ...lifecycle("r1", "denied"), ...other });
    assert.deepEqual(
      [refused.ok, !refused.ok && refused.reason === "claimed" && refused.fingerprint],
      [false, "cancel a"],
    );
  });

  storeTest("tryAppend() takes all claims of an entry or none", async (store) => {
    const claims = (...keys: string[]) => ({ claims: keys.flatMap((key) => claimOf(key).claims) });
    await store.tryAppend(intent("r1", claims("b")));
    assert.equal((await store.tryAppend(intent("r2", claims("a", "b", "c")))).ok, false);
    assert.ok((await store.tryAppend(intent("r3", claims("a", "c")))).ok);
  });

  storeTest("tryAppend() judges a refusal by what it claims, and lets it keep nothing", async (store) => {
    const refusal = (receipt: string) => ({
      ...outcome(receipt, "refused"),
      ...claimOf(`end:${receipt}`, "refused"),
    });
    for (const receipt of ["r1", "r2"]) await store.tryAppend(intent(receipt, claimOf(receipt)));
    assert.ok((await store.tryAppend(refusal("r1"))).ok);
    await store.tryAppend({ ...outcome("r2", "unknown"), ...claimOf("end:r2", "taken_over") });
    const refused = await store.tryAppend(refusal("r2"));
    assert.equal(!refused.ok && refused.reason === "claimed" && refused.fingerprint, "taken_over");
    assert.deepEqual(
      (await store.openIntents()).map(({ record }) => record.receipt),
      ["r2"],
    );
    for (const key of ["r1", "end:r1"])
      assert.equal(await store.findClaim(claimOf(key).claims, NOON), undefined);
    assert.equal((await store.findClaim(claimOf("r2").claims, NOON))?.receipt, "r2");
    assert.deepEqual((await verifyTrail(store)).ok, true);
  });

  storeTest("append() leaves an optional claim to its holder", async (store) => {
    const [claim] = claimOf("k").claims;
    assert.ok(claim);
    const optional = { claims: [{ ...claim, optional: true }] } as const;
    for (const receipt of ["r1", "r2"]) await store.append({ ...intent(receipt), ...optional });
    const taken = await store.tryAppend(intent("r3", { claims: [claim] }));
    assert.equal(!taken.ok && taken.reason === "claimed" && taken.receipt, "r1");
    assert.equal(await store.findClaim(optional.claims, NOON), undefined);
    assert.deepEqual(await store.findClaim([claim], NOON), { claim, receipt: "r1", fingerprint: "f" });
    await store.append(outcome("r1", "accepted"));
    assert.equal(await store.findClaim([claim], claim.expiresAt), undefined);
  });

  storeTest("tryAppend() lets 10 of 100 at a time through a limit of 10", async (store) => {
    const results = await appendAll(
      store,
      range(100).map((n) => intent(`r${n}`, limitOf("c", 1_000, 10))),
    );
    assert.equal(results.filter(({ ok }) => ok).length, 10);
    assert.deepEqual(results[10], {
      ok: false,
      reason: "limit",
      reservation: { counter: "c", windowMs: 1_000, max: 10 },
    });
    assert.equal((await store.head()).size, 10);
    assert.deepEqual(
      await store.usage(
        [
          { counter: "c", windowMs: 1_000 },
          { counter: "d", windowMs: 1 },
        ],
        NOON,
      ),
      [10, 0],
    );
    await store.append(outcome("r3", "refused"));
    assert.ok((await store.tryAppend(intent("s1", limitOf("c", 1_000, 10)))).ok, "one was given back");
    assert.equal((await store.tryAppend(intent("s2", limitOf("c", 1_000, 10)))).ok, false);
  });

  test(`${name} keeps limits across a reopening, and its windows roll`, async (t) => {
    const open = await storageFor(t);
    const first = await open();
    const tryAt = async (store: TrailStore, ms: number) =>
      (await store.tryAppend(intent(`r${ms}`, { at: NOON + ms, ...limitOf("c", 1_000, 2) }))).ok;
    assert.ok(await tryAt(first, 0));
    assert.ok(await tryAt(first, 500));
    await first.close();
    const second = await open();
    assert.equal(await tryAt(second, 999), false);
    assert.ok(await tryAt(second, 1_000));
    assert.equal(await tryAt(second, 1_499), false);
    assert.ok(await tryAt(second, 1_500));
    assert.deepEqual(await second.usage([{ counter: "c", windowMs: 1_000 }], NOON + 1_500), [2]);
    assert.deepEqual(await second.usage([{ counter: "c", windowMs: 1_000 }], NOON + 600), [2]);
  });

  storeTest(
    "tryAppend() and usage() tell of a rolling window over many as if each was counted",
    async (store) => {
      // Many in a moment, few in a long time, and not in order; some are given back.
      const times = range(400).map((n) => (n % 3 === 0 ? 600_000 : (n * 7_919_111) % (3 * 60 * 60_000)));
      const at = (n: number) => NOON + (times[n] ?? 0);
      const left = new Map(times.map((_, n) => [`r${n}`, at(n)]));
      const windows = [1, 1_000, 262_144, 60 * 60_000, DAY];
      const agree = async (now: number) => {
        const expected = windows.map(
          (ms) => [...left.values()].filter((t) => t > now - ms && t <= now).length,
        );
        const counters = windows.map((windowMs) => ({ counter: "c", windowMs }));
        assert.deepEqual(await store.usage(counters, now), expected, `at ${now}`);
      };
      for (let n = 0; n < times.length; n += 50) {
        const entries = range(50).map((k) =>
          intent(`r${n + k}`, { at: at(n + k), ...limitOf("c", DAY, 1_000) }),
        );
        assert.ok((await store.tryAppendAll(entries)).every(({ ok }) => ok));
      }
      for (const n of [0, 3, 4, 5, 100, 399]) {
        await store.append(outcome(`r${n}`, "refused"));
        left.delete(`r${n}`);
      }
      // To the millisecond: the end of a window is in it, its beginning is not.
      const edges = [0, 262_144, 60 * 60_000].map((ms) => NOON + 600_000 + ms);
      const some = times.slice(0, 20).map((time) => NOON + time);
      for (const edge of [...edges, ...some]) for (const ms of [-1, 0, 1]) await agree(edge + ms);
      await agree(NOON + 2 * DAY);
      // A refusal looks at all that is later than the window's beginning.
      const now = NOON + 60 * 60_000;
      const taken = [...left.values()].filter((t) => t > now - 262_144).length;
      assert.equal(
        (await store.tryAppend(intent("s0", { at: now, ...limitOf("c", 262_144, taken) }))).ok,
        false,
      );
      assert.ok((await store.tryAppend(intent("s1", { at: now, ...limitOf("c", 262_144, taken + 1) }))).ok);
      assert.equal(
        (await store.tryAppend(intent("s2", { at: now, ...limitOf("c", 262_144, taken + 1) }))).ok,
        false,
      );
      for (const receipt of [...left.keys(), "s1"]) await store.append(outcome(receipt, "refused"));
      assert.deepEqual(await store.usage([{ counter: "c", windowMs: DAY }], NOON + DAY - 1), [0]);
    },
  );

  storeTest("tryAppend() counts an email once in several windows of one counter", async (store) => {
    const limits = {
      reservations: [
        { counter: "c", windowMs: 1_000, max: 2 },
        { counter: "c", windowMs: DAY, max: 3 },
      ],
    };
    const results = [];
    for (const ms of [0, 1, 2, 2_000, 4_000]) {
      const result = await store.tryAppend(intent(`r${ms}`, { at: NOON + ms, ...limits }));
      results.push(result.ok || (result.reason === "limit" && result.reservation.windowMs));
    }
    assert.deepEqual(results, [true, true, 1_000, true, DAY]);
  });

  storeTest("tryAppend() counts what was reserved within a week, and nothing older", async (store) => {
    const week = (max: number) => ({ reservations: [{ counter: "c", windowMs: 7 * DAY, max }] });
    assert.ok((await store.tryAppend(intent("r1", { at: NOON, ...week(2) }))).ok);
    assert.ok((await store.tryAppend(intent("r2", { at: NOON + 6 * DAY, ...week(2) }))).ok);
    const full = await store.tryAppend(intent("r3", { at: NOON + 7 * DAY - 1, ...week(2) }));
    assert.equal(full.ok, false);
    assert.deepEqual(await store.usage([{ counter: "c", windowMs: 7 * DAY }], NOON + 7 * DAY - 1), [2]);
    assert.ok((await store.tryAppend(intent("r4", { at: NOON + 7 * DAY, ...week(2) }))).ok);
  });

  storeTest("tryAppend() reserves in every counter or in none", async (store) => {
    const both = (max: number) => ({
      reservations: [
        { counter: "a", windowMs: 1_000, max: 5 },
        { counter: "b", windowMs: 1_000, max },
      ],
      ...claimOf("k"),
    });
    assert.equal((await store.tryAppend(intent("r1", both(0)))).ok, false);
    assert.deepEqual(await store.usage([{ counter: "a", windowMs: 1_000 }], NOON), [0]);
    assert.equal(await store.findClaim(claimOf("k").claims, NOON), undefined);
    assert.ok((await store.tryAppend(intent("r2", both(1)))).ok);
  });

  storeTest("openIntents() holds an intent until its outcome is known", async (store) => {
    await appendAll(store, [intent("r1"), intent("r2"), intent("r3", { effect: "deny" }), intent("r4")]);
    assert.deepEqual(receipts(await store.openIntents()), ["r1", "r2", "r4"]);
    assert.deepEqual(receipts(await store.openIntents(CHASER)), ["r1", "r2", "r4"]);
    assert.deepEqual(await store.openIntents({ ...CHASER, team: "sales" }), []);
    await appendAll(store, [outcome("r2", "unknown"), outcome("r1"), outcome("r9"), lifecycle("r4", "sent")]);
    assert.deepEqual(receipts(await store.openIntents()), ["r2", "r4"]);
    await appendAll(store, [outcome("r4", "refused"), outcome("r2")]);
    assert.deepEqual(await store.openIntents(), []);
    assert.ok((await verifyTrail(store)).ok);
  });

  storeTest("watchedEmails() holds an email from when MultiMail took it to what is final", async (store) => {
    await appendAll(store, [intent("r1"), intent("r2"), intent("r3"), intent("r4"), intent("r5")]);
    await appendAll(store, [outcome("r1"), outcome("r2", "refused"), outcome("r3", "unknown")]);
    await appendAll(store, [outcome("r4"), outcome("r5"), lifecycle("r4", "sent")]);
    assert.deepEqual(receipts(await store.watchedEmails()), ["r1", "r4", "r5"]);
    assert.deepEqual(receipts(await store.watchedEmails(CHASER)), ["r1", "r4", "r5"]);
    assert.deepEqual(await store.watchedEmails({ ...CHASER, assistant: "other" }), []);
    await appendAll(store, [lifecycle("r4", "delivered"), lifecycle("r9", "delivered")]);
    assert.deepEqual(receipts(await store.watchedEmails()), ["r1", "r5"]);
    await appendAll(store, [lifecycle("r4", "complained"), lifecycle("r1", "delivered")]);
    assert.deepEqual(receipts(await store.watchedEmails()), ["r5"]);
    assert.ok((await verifyTrail(store)).ok);
  });

  storeTest("receiptOf() finds an email that MultiMail took, and no other", async (store) => {
    const withEmail = (entry: TrailEntry, email: string) => withData(entry, { email });
    await appendAll(store, [
      intent("r1"),
      withEmail(outcome("r1"), "01A"),
      withEmail(lifecycle("r7", "sent"), "01B"),
      withEmail(outcome("r8", "refused"), "01C"),
    ]);
    assert.equal(await store.receiptOf("01A"), "r1");
    for (const email of ["01a", "01B", "01C", "", "r1"]) {
      assert.equal(await store.receiptOf(email), undefined, email);
    }
  });

  storeTest("recordsOf() and latestReceipt() tell an assistant's emails", async (store) => {
    await appendAll(store, [
      intent("r1"),
      intent("r2", { assistant: "other" }),
      intent("r3", { team: "sales" }),
      intent("r4", { effect: "deny" }),
      outcome("r1"),
    ]);
    assert.deepEqual(
      (await store.recordsOf("r1")).map(({ record }) => record.kind),
      ["intent", "outcome"],
    );
    assert.deepEqual(await store.recordsOf("r'; DROP TABLE records"), []);
    assert.equal(await store.latestReceipt("finance", "invoice-chaser"), "r1");
    assert.equal(await store.latestReceipt("sales", "invoice-chaser"), "r3");
    assert.equal(await store.latestReceipt("finance", "nobody"), undefined);
    await store.append(intent("r5"));
    assert.equal(await store.latestReceipt("finance", "invoice-chaser"), "r5");
  });

  storeTest("unseal() gives values back to the letter, short and long", async (store) => {
    const values = ["", "é\u0000😀", "short", "long ".repeat(2_000), "x".repeat(300_000), randomText(50_000)];
    const sealer = new Sealer();
    const data = { texts: values.map((value) => sealer.seal("text", value)) };
    await store.append({ ...withData(lifecycle("r1", "sent"), data), sealed: sealer.values });
    const found = await store.unseal([...data.texts, "00".repeat(32), "no commitment"]);
    assert.deepEqual(
      [...found],
      data.texts.map((commitment, index) => [commitment, values[index]]),
    );
    assert.ok((await verifyTrail(store)).ok);
  });

  storeTest("policyText() gives a text back that was kept once", async (store) => {
    const text = "version: 1\nteam: finance # é\n";
    const other = sha256("version: 2\n");
    const policyTexts = [{ hash: sha256(text), text }];
    const entry: TrailEntry = {
      ...lifecycle("r1", "sent"),
      kind: "policy",
      receipt: null,
      data: { result: "loaded", files: [] },
      policyTexts,
    };
    await appendAll(store, [entry, entry]);
    assert.equal(await store.policyText(sha256(text)), text);
    assert.equal(await store.policyText(other), undefined);
    await assert.rejects(store.append({ ...entry, policyTexts: [{ hash: other, text }] }), TypeError);
  });

  storeTest("records() and count() filter by everything, and by all of it together", async (store, t) => {
    await appendAll(store, [
      intent("r0", { to: ["Ann+bills@partner.example", "bob@partner.example"], rules: ["a", "b", "a"] }),
      intent("r1", { team: "sales", to: ["ann@PARTNER.example"], rules: ["b"] }),
      intent("r2", { effect: "deny", to: ["not an address"], rules: [], at: NOON + 5_000 }),
      outcome("r0", "accepted", { at: NOON + 1_000 }),
      lifecycle("r1", "sent", { team: "sales", at: NOON - 5_000 }),
      intent("r3", { assistant: "other", effect: "deny", rules: ["a"], at: NOON + 2_000 }),
      { ...checkpoint("note\n"), at: NOON + 2_000 },
    ]);
    const cases: readonly (readonly [filter: TrailFilter, seqs: readonly number[]])[] = [
      [{}, [0, 1, 2, 3, 4, 5, 6]],
      [{ kind: "intent" }, [0, 1, 2, 5]],
      [{ kind: "erasure" }, []],
      [{ team: "sales" }, [1, 4]],
      [{ team: "SALES" }, []],
      [{ assistant: "other" }, [5]],
      [{ receipt: "r0" }, [0, 3]],
      [{ recipient: "ann@partner.example" }, [0, 1]],
      [{ recipient: "ANN+other@partner.example" }, [0, 1]],
      [{ recipient: "bob@partner.example" }, [0]],
      [{ recipient: "Not an address" }, [2]],
      [{ recipient: "%" }, []],
      [{ recipient: "@partner.example" }, [0, 1, 5]],
      [{ recipient: "@PARTNER.example", team: "sales" }, [1]],
      [{ recipient: "@example" }, []],
      [{ recipient: "@artner.example" }, []],
      [{ recipient: '@"' }, []],
      [{ kinds: ["outcome", "lifecycle"] }, [3, 4]],
      [{ kinds: [] }, []],
      [{ kinds: ["outcome", "intent"], newestFirst: true, limit: 2 }, [5, 3]],
      [{ email: "01HXEMAIL" }, [0, 3, 4]],
      [{ email: "01HXEMAIL", kind: "intent" }, [0]],
      [{ email: "01HXEMAI" }, []],
      [{ email: '","' }, []],
      [{ rule: "a" }, [0, 5]],
      [{ rule: "b" }, [0, 1]],
      [{ effect: "allow" }, [0, 1]],
      [{ effect: "deny" }, [2, 5]],
      [{ since: NOON + 1_000 }, [2, 3, 5, 6]],
      [{ until: NOON + 1_000 }, [0, 1, 4]],
      [{ since: NOON + 1_000, until: NOON + 2_000 }, [3]],
      [{ since: NOON + DAY }, []],
      [{ fromSeq: 3 }, [3, 4, 5, 6]],
      [{ limit: 2 }, [0, 1]],
      [{ limit: 0 }, []],
      [{ newestFirst: true, limit: 3 }, [6, 5, 4]],
      [{ newestFirst: true, fromSeq: 5 }, [6, 5]],
      [{ recipient: "ann@partner.example", rule: "a" }, [0]],
      [{ rule: "a", effect: "deny", team: "finance", newestFirst: true }, [5]],
      [{ team: "sales", kind: "lifecycle", since: NOON - DAY, until: NOON }, [4]],
      [
        {
          kind: "intent",
          team: "finance",
          assistant: "other",
          receipt: "r3",
          recipient: "billing@partner.example",
          rule: "a",
          effect: "deny",
          since: NOON,
          until: NOON + DAY,
          fromSeq: 1,
          limit: 9,
        },
        [5],
      ],
    ];
    for (const [filter, seqs] of cases) {
      await t.test(JSON.stringify(filter), async () =>
        assert.deepEqual(seqsOf(await collect(store, filter)), seqs),
      );
      const { limit: _, ...rest } = filter;
      const all = seqsOf(await collect(store, rest)).length;
      await t.test(`count() of ${JSON.stringify(filter)}`, async () =>
        assert.equal(await store.count(filter), all),
      );
    }
    await assert.rejects(collect(store, { since: Number.NaN }));
  });

  storeTest(
    "records() finds who was written to at a domain although the person was erased",
    async (store) => {
      const entry = intent("r1", { to: ["ann@partner.example"] });
      await appendAll(store, [entry, intent("r2", { to: ["bob@other.example"] })]);
      await store.append(erasure({ commitments: commitmentsOf(entry) }));
      assert.deepEqual(seqsOf(await collect(store, { recipient: "ann@partner.example" })), []);
      assert.deepEqual(seqsOf(await collect(store, { recipient: "@partner.example" })), [0]);
    },
  );

  storeTest("findRecords() finds what a person did, however the address is written", async (store) => {
    const sealed = (kind: "text" | "address", value: string, entry: TrailEntry): TrailEntry => {
      const sealer = new Sealer();
      const name = entry.kind === "key" ? "person" : "by";
      const by = sealer.seal(kind, value);
      return { ...withData(entry, { [name]: by }), sealed: sealer.values };
    };
    const change = { change: "added", hashes: [], by: "cli", person: "" } as const;
    const key: TrailEntry = { ...lifecycle("r", "sent"), kind: "key", data: change };
    await appendAll(store, [
      sealed("address", "Lead@Company.Example", lifecycle("r1", "approved")),
      lifecycle("r1", "sent"),
      sealed("text", "ann", erasure({})),
      sealed("text", "lead@company.example", key),
      sealed("text", "Lead@company.example", lifecycle("r2", "rejected")),
    ]);
    const seqs = async (filter: RecordFilter) => seqsOf(await listOf(findRecords(store, filter)));
    assert.deepEqual(await seqs({ by: "lead@company.example" }), [0, 3, 4]);
    assert.deepEqual(await seqs({ by: "lead@company.example", newestFirst: true, limit: 2 }), [4, 3]);
    assert.deepEqual(await seqs({ by: "lead@company.example", kind: "key" }), [3]);
    assert.deepEqual(await seqs({ by: "ANN" }), [2]);
    assert.deepEqual(await seqs({ by: "cli" }), []);
    assert.deepEqual(await seqs({ receipt: "r1" }), [0, 1]);
    assert.equal(await countFound(store, { by: "lead@company.example", limit: 1 }), 3);
    assert.equal(await countFound(store, { limit: 1 }), 5);
  });

  storeTest("records() streams what was there when it began, while more is appended", async (store) => {
    await appendAll(
      store,
      range(1_200).map((n) => lifecycle(`r${n}`, "sent")),
    );
    const seqs: number[] = [];
    for await (const { record } of store.records()) {
      if (record.seq % 400 === 0) await store.append(lifecycle("late", "sent"));
      seqs.push(record.seq);
    }
    assert.deepEqual(seqs, range(1_200));
    assert.deepEqual(seqsOf(await collect(store, { newestFirst: true })), range(1_203).reverse());
    for await (const { record } of store.records({ newestFirst: true, limit: 501, team: "finance" }))
      seqs.push(record.seq);
    assert.deepEqual(seqs.slice(1_200), range(1_203).reverse().slice(0, 501));
  });

  storeTest("head() and proofs agree with the naive tree", async (store) => {
    await appendAll(
      store,
      range(600).map((n) => lifecycle(`r${n}`, "sent")),
    );
    const leaves = (await collect(store)).map(({ json }) => Buffer.from(json));
    const root = naiveRoot(leaves);
    assert.deepEqual(await store.head(), { size: 600, root });
    for (const index of [0, 255, 256, 511, 512, 599]) {
      const proof = await inclusionProof(index, 600, store);
      assert.deepEqual(proof, naivePath(index, leaves));
      assert.ok(verifyInclusion({ index, size: 600, leaf: leafHash(leaves[index] ?? ""), root }, proof));
    }
    for (const oldSize of [1, 255, 256, 257, 512, 600]) {
      const proof = await consistencyProof(oldSize, 600, store);
      assert.deepEqual(proof, naiveProof(oldSize, leaves));
      const oldRoot = naiveRoot(leaves.slice(0, oldSize));
      assert.ok(verifyConsistency({ oldSize, oldRoot, newSize: 600, newRoot: root }, proof));
    }
    assert.ok((await verifyTrail(store)).ok);
  });

  test(`${name} never forks when two stores append in turns`, async (t) => {
    const open = await storageFor(t);
    const [a, b] = [await open(), await open()];
    for (let n = 0; n < 20; n++) {
      const results = [await a.append(intent(`a${n}`)), await b.append(intent(`b${n}`))];
      assert.deepEqual(
        results,
        [0, 1].map((turn) => ({ ok: true, seq: n * 2 + turn })),
      );
    }
    await Promise.all([
      appendAll(
        a,
        range(50).map((n) => intent(`c${n}`)),
      ),
      appendAll(
        b,
        range(50).map((n) => intent(`d${n}`)),
      ),
    ]);
    assert.equal((await a.tryAppend(intent("x", claimOf("k")))).ok, true);
    assert.equal((await b.tryAppend(intent("y", claimOf("k")))).ok, false);
    assert.deepEqual(await a.head(), await b.head());
    const result = await verifyTrail(a);
    assert.deepEqual(result.ok && { size: result.size, root: result.root }, await b.head());
    assert.equal((await a.head()).size, 141);
  });

  storeTest("append() refuses what it cannot keep, and goes on", async (store, t) => {
    const good = intent("good");
    const [sealed] = good.sealed ?? [];
    assert.ok(sealed);
    const cases: readonly (readonly [what: string, entry: WantingEntry, error: typeof RangeError])[] = [
      [
        "a record above 1 MiB",
        withData(lifecycle("r", "sent"), { text: "é".repeat(512 * 1024) }),
        RangeError,
      ],
      [
        "a number that JSON has not",
        withData(lifecycle("r", "sent"), { value: Number.NaN }),
        Error as typeof RangeError,
      ],
      ["a time that is none", lifecycle("r", "sent", { at: Number.NaN }), RangeError],
      ["a time beyond the year 9999", lifecycle("r", "sent", { at: 8.64e15 }), RangeError],
      ["a limit that is none", intent("r", limitOf("c", 1_000, Number.NaN)), RangeError],
      ["a claim that never expires", intent("r", claimOf("k", "f", Number.POSITIVE_INFINITY)), RangeError],
      ["a claim without a receipt", { ...good, receipt: null, ...claimOf("k") }, TypeError],
      ["a value that the record does not name", { ...lifecycle("r", "sent"), sealed: [sealed] }, TypeError],
      ["a record that names a value without it", { ...good, sealed: good.sealed?.slice(1) ?? [] }, TypeError],
      ["a salt that is short", { ...good, sealed: [{ ...sealed, salt: Buffer.alloc(16) }] }, TypeError],
    ];
    for (const [what, entry, error] of cases) {
      await t.test(what, async () => {
        const [refused, taken] = await Promise.allSettled([
          store.tryAppend(entry),
          store.append(lifecycle("r", "sent")),
        ]);
        assert.ok(refused.status === "rejected" && refused.reason instanceof error, what);
        assert.equal(taken.status, "fulfilled");
      });
    }
    assert.equal((await store.head()).size, cases.length);
    const longest = withData(lifecycle("r", "sent"), { text: "x".repeat(1024 * 1024 - 600) });
    assert.ok((await store.append(longest)).ok);
    assert.ok((await verifyTrail(store)).ok);
  });

  storeTest(
    "append() keeps a checkpoint's note beside its record, and replaceNote() changes it",
    async (store) => {
      const notes = ["first\n", "second\n", "third\n"];
      for (const note of notes) await store.append(checkpoint(note));
      await store.replaceNote(1, "second\nwitnessed\n");
      await store.replaceNote(7, "nothing\n");
      const wanted = [
        { seq: 0, note: "first\n" },
        { seq: 1, note: "second\nwitnessed\n" },
        { seq: 2, note: "third\n" },
      ];
      assert.deepEqual(await listOf(store.checkpoints()), wanted);
      const newest = await listOf(store.checkpoints({ newestFirst: true, limit: 2 }));
      assert.deepEqual(newest, wanted.slice(1).reverse());
      await assert.rejects(store.append({ ...checkpoint("x\n"), note: "y\n" }), TypeError);
      await assert.rejects(store.append({ ...lifecycle("r", "sent"), note: "y\n" }), TypeError);
    },
  );

  storeTest(
    "verifyTrail() finds the checkpoints that were signed, and what became of their notes",
    async (store) => {
      const { privateKey } = generateKeyPairSync("ed25519");
      const signer = createNoteSigner("countersign/test", privateKey);
      await recordSigningKey(store, { signer, current: null, predecessor: undefined, at: NOON });
      await appendAll(
        store,
        range(300).map((n) => lifecycle(`r${n}`, "sent")),
      );
      const sign = async () =>
        signCheckpoint(store, { origin: "x", signers: [signer], at: NOON, head: await store.head() });
      const [first, second] = [await sign(), await sign()];
      const verified = await verifyTrail(store);
      assert.ok(verified.ok, JSON.stringify(verified));
      assert.deepEqual([verified.checkpoints.count, verified.checkpoints.size], [2, 302]);
      assert.equal(verified.checkpoints.keys[0]?.verifier, signer.key.text);
      await store.replaceNote(first.seq, second.note);
      const changed = await verifyTrail(store);
      const found = changed.ok ? [] : changed.problems.map(({ seq, what }) => [seq, what]);
      assert.deepEqual(found, [[first.seq, "changed"]]);
    },
  );

  storeTest("values() streams what is sealed, of kinds and of a stretch", async (store) => {
    const entries = range(250).map((n) =>
      intent(`r${n}`, { subject: `Subject ${n}`, body: randomText(9_000) }),
    );
    await appendAll(store, entries);
    const all = await listOf(store.values());
    assert.deepEqual(
      all.map(({ seq, commitment, value }) => [seq, commitment, value]),
      entries.flatMap(({ sealed = [] }, seq) =>
        sealed.map(({ commitment, value }) => [seq, commitment, value]),
      ),
    );
    assert.ok(
      all.every((row) => commitmentOf(row.salt, row.kind as SealedKind, row.value ?? "") === row.commitment),
    );
    const some = await listOf(store.values({ kinds: ["subject"], fromSeq: 100, toSeq: 103 }));
    assert.deepEqual(
      some.map(({ value }) => value),
      ["Subject 100", "Subject 101", "Subject 102"],
    );
  });

  storeTest("append() erases what an erasure names, and the trail stays whole", async (store) => {
    const entry = intent("r0", {
      to: ["Ann@a.example", "bob@b.example"],
      subject: "For Ann",
      body: randomText(9_000),
    });
    await store.append(entry);
    for (const n of range(3)) await store.append(intent(`r${n + 1}`, { body: `Body ${n}` }));
    const [ann = "", bob = "", subject = ""] = commitmentsOf(entry);
    await store.append(erasure({ commitments: [ann, subject, "00".repeat(32)] }));
    await store.append(erasure({ below: { seq: 3, kinds: ["body"] } }));
    await store.scrub();
    assert.deepEqual([...(await store.unseal(commitmentsOf(entry))).keys()], [bob]);
    const left = await listOf(store.values({ kinds: ["body"] }));
    assert.deepEqual(
      left.map(({ seq }) => seq),
      [3],
    );
    assert.deepEqual(await collect(store, { recipient: "ann@a.example" }), []);
    assert.deepEqual(seqsOf(await collect(store, { recipient: "bob@b.example" })), [0]);
    const { size } = await store.head();
    assert.equal(size, 6);
    assert.ok((await verifyTrail(store)).ok, "the erasures say why values are absent");
  });

  storeTest("a person and old bodies can be erased, once, and the trail stays whole", async (store) => {
    const at = (days: number) => ({ at: NOON + days * DAY, effect: "deny" as const });
    await store.append(intent("r0", { ...at(0), to: ["Ann+x@a.example"], body: randomText(9_000) }));
    await store.append(intent("r1", { ...at(1), to: ["bob@a.example"], body: "Ask ann@a.example" }));
    await store.append(intent("r2", { ...at(2), to: ["bob@a.example"] }));
    const find = async () => {
      const { addresses, contents, mentions, emails } = await findPersonValues(store, "ann@a.example");
      return { commitments: [...contents, ...addresses], mentions: mentions.length, emails };
    };
    const { commitments, ...found } = await find();
    assert.deepEqual([commitments.length, found], [3, { mentions: 1, emails: 1 }]);
    const by = { by: "officer", reason: "Request 17", now: NOON + 3 * DAY };
    assert.deepEqual(await eraseValues(store, { commitments, ...by }), [3]);
    assert.deepEqual(await find(), { commitments: [], mentions: 1, emails: 0 });
    const eraseOld = () =>
      listOf(eraseOldBodies(store, { before: NOON + 2 * DAY, now: by.now, policy: null }));
    assert.deepEqual([await eraseOld(), await eraseOld()], [[{ below: 2 }], []]);
    await store.scrub();
    const left = await listOf(store.values({ kinds: ["body"] }));
    assert.deepEqual(
      left.map(({ seq }) => seq),
      [2],
    );
    assert.ok((await verifyTrail(store)).ok);
  });

  storeTest("close() waits for what was appended, and then takes nothing", async (store) => {
    const appended = [store.append(intent("r1")), store.append(intent("r2", { body: randomText(100_000) }))];
    await store.close();
    assert.deepEqual(
      (await Promise.all(appended)).map(({ ok }) => ok),
      [true, true],
    );
    await assert.rejects(store.append(intent("r3")), { code: "trail_unavailable" });
    await assert.rejects(store.head(), { code: "trail_unavailable" });
    await store.close();
  });

  storeTest("verifyTrail() tells how far it is", async (store) => {
    await appendAll(
      store,
      range(700).map((n) => lifecycle(`r${n}`, "sent")),
    );
    const calls: (readonly [number, number])[] = [];
    await verifyTrail(store, { onProgress: ({ done, total }) => calls.push([done, total]) });
    assert.deepEqual(calls.at(-1), [700, 700]);
    assert.ok(calls.length > 1 && calls.every(([done, total]) => done <= total));
  });
}

function claimOf(
  key: string,
  fingerprint = "f",
  expiresAt: number = NOON + 1_000,
): Required<Pick<Wanted, "claims">> {
  return { claims: [{ key, fingerprint, expiresAt }] };
}

function limitOf(counter: string, windowMs: number, max: number): Required<Pick<Wanted, "reservations">> {
  return { reservations: [{ counter, windowMs, max }] };
}

function appendAll(store: TrailStore, entries: readonly WantingEntry[]): Promise<readonly AppendResult[]> {
  return Promise.all(entries.map((entry) => store.tryAppend(entry)));
}

function collect(store: TrailStore, filter?: TrailFilter): Promise<readonly StoredRecord[]> {
  return listOf(store.records(filter));
}

async function listOf<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

function seqsOf(records: readonly StoredRecord[]): readonly number[] {
  return records.map(({ record }) => record.seq);
}

function receipts(records: readonly StoredRecord[]): readonly (string | null)[] {
  return records.map(({ record }) => record.receipt);
}

function commitmentsOf({ sealed = [] }: TrailEntry): readonly string[] {
  return sealed.map(({ commitment }) => commitment);
}

function range(length: number): number[] {
  return Array.from({ length }, (_, index) => index);
}

function randomText(bytes: number): string {
  return randomBytes(bytes).toString("base64");
}

function sha256(text: string): string {
  return hash("sha256", text);
}
