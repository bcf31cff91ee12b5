import assert from "node:assert/strict";
import { test } from "node:test";
import { M1, openSandbox } from "../testing/open_sandbox.ts";

const draft = { to: ["a@client.example"], subject: "Invoice", markdown: "Due" };
const DAY = 24 * 3600_000;

test("acceptEmail() makes one email of 20 parallel sends with one key", async (t) => {
  const sandbox = await openSandbox(t);
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => sandbox.call(`POST ${M1}/send`, { ...draft, idempotency_key: "k" })),
  );
  assert.equal(answers.filter(({ status }) => status === 202).length, 1);
  assert.equal(answers.filter(({ status }) => status === 200).length, 19);
  assert.equal(new Set(answers.map(({ body }) => body.id)).size, 1);
  sandbox.advance();
  assert.equal((await sandbox.outbox()).length, 1);
});

test("acceptEmail() answers a repeated key with the first email, whatever the body", async (t) => {
  const sandbox = await openSandbox(t);
  const id = await sandbox.send({ idempotency_key: "k" });
  for (const changed of [{}, { subject: "Other" }, { to: ["evil@rival.example"] }]) {
    const { status, body } = await sandbox.call(`POST ${M1}/send`, {
      ...draft,
      ...changed,
      idempotency_key: "k",
    });
    assert.equal(status, 200);
    assert.deepEqual(body, { id, status: "already_sent", idempotent: true });
  }
});

test("acceptEmail() forgets a key after 24 hours", async (t) => {
  const sandbox = await openSandbox(t);
  const body = { ...draft, idempotency_key: "k" };
  assert.equal((await sandbox.call(`POST ${M1}/send`, body)).status, 202);
  sandbox.advance(DAY - 1);
  assert.equal((await sandbox.call(`POST ${M1}/send`, body)).status, 200);
  sandbox.advance(1);
  assert.equal((await sandbox.call(`POST ${M1}/send`, body)).status, 202);
});

test("acceptEmail() refuses the same content for 60 seconds, without a key and with a new one", async (t) => {
  const sandbox = await openSandbox(t);
  const send = async (extra = {}) => (await sandbox.call(`POST ${M1}/send`, { ...draft, ...extra })).status;
  assert.equal(await send(), 202);
  assert.equal(await send(), 409);
  assert.equal(await send({ idempotency_key: "new" }), 409);
  assert.equal(await send({ markdown: "Due!" }), 202);
  assert.equal(await send({ cc: ["b@client.example"] }), 202);
  assert.equal((await sandbox.call("POST /v1/mailboxes/m2/send", draft)).status, 202);
  sandbox.advance(59_999);
  assert.equal(await send(), 409);
  sandbox.advance(1);
  assert.equal(await send({ idempotency_key: "new" }), 202);
});

test("acceptEmail() refuses in read_only, even a key that it knows", async (t) => {
  const sandbox = await openSandbox(t);
  await sandbox.send({ idempotency_key: "k" });
  await sandbox.call("POST /sandbox/mailboxes/m1", { mode: "read_only" });
  for (const body of [draft, { ...draft, idempotency_key: "k" }]) {
    const answer = await sandbox.call<{ error: string }>(`POST ${M1}/send`, body);
    assert.equal(answer.status, 403);
    assert.match(answer.body.error, /request-upgrade/);
  }
});
