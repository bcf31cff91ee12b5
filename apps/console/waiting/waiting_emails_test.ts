import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { personErasureEntry, type StoredRecord, type TrailStore } from "@countersign/trail";
import { appendWaiting } from "../testing/append_waiting.ts";
import { startTestConsole } from "../testing/start_test_console.ts";
import { WaitingEmails } from "./waiting_emails.ts";

/** A trail that tells which receipts' records were read. */
async function start(t: TestContext) {
  const { trail } = await startTestConsole(t);
  const read: string[] = [];
  const watched = new Proxy(trail, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (name === "recordsOf")
        return (receipt: string): Promise<readonly StoredRecord[]> => {
          read.push(receipt);
          return target.recordsOf(receipt);
        };
      return typeof value === "function" ? value.bind(target) : value;
    },
  }) as TrailStore;
  const waiting = new WaitingEmails({ trail: watched, keys: [], log: { error: () => undefined } });
  t.after(() => waiting.stop());
  return { trail, waiting, read };
}

test("WaitingEmails reads the records of what is held only, whenever MultiMail takes it", async (t) => {
  const { trail, waiting, read } = await start(t);
  // Asked for before anybody follows, taken afterwards.
  const [early, goes] = await appendWaiting(trail, { count: 2, isTaken: false, held: (n) => n === 0 });
  await waiting.start();
  await early?.take();
  await goes?.take();
  const later = await appendWaiting(trail, { count: 40, held: (n) => n % 10 === 2, from: 2 });
  await waiting.follow();
  const held = later.filter((_, n) => n % 10 === 0).map(({ receipt }) => receipt);
  assert.deepEqual(read, [early?.receipt, ...held]);
  assert.deepEqual(
    waiting.list(() => true).map(({ receipt }) => receipt),
    read,
  );
});

test("WaitingEmails forgets what is erased, and what does not wait any more", async (t) => {
  const { trail, waiting } = await start(t);
  const [first, second] = await appendWaiting(trail, { count: 2 });
  await waiting.start();
  const [email] = waiting.list(() => true);
  const subject = email?.data.subject ?? "";
  assert.equal(email?.values.get(subject), "Invoice 0");
  await trail.append(personErasureEntry({ commitments: [subject], by: "ann", reason: "asked" }, Date.now()));
  await second?.end();
  await waiting.follow();
  const left = waiting.list(() => true);
  assert.deepEqual(
    left.map(({ receipt, values }) => [receipt, values.get(subject)]),
    [[first?.receipt, undefined]],
  );
});
