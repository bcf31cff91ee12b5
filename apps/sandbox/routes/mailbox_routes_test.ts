import assert from "node:assert/strict";
import { test } from "node:test";
import { M1, openSandbox } from "../testing/open_sandbox.ts";

test("GET mailboxes shows the account's, with numbers for booleans and times", async (t) => {
  const sandbox = await openSandbox(t);
  const { body } = await sandbox.call<{ mailboxes: Record<string, unknown>[] }>(
    "GET /v1/mailboxes",
    undefined,
    sandbox.apiKey,
  );
  assert.deepEqual(
    body.mailboxes.map(({ id }) => id),
    ["m1", "m2"],
  );
  assert.equal(body.mailboxes[0]?.is_active, 1);
  assert.equal(typeof body.mailboxes[0]?.created_at, "number");
  assert.deepEqual((await sandbox.call(`GET ${M1}`)).body, body.mailboxes[0]);
  assert.equal((await sandbox.call("GET /v1/mailboxes/none")).status, 404);
});

test("PATCH mailbox only makes the mode stricter", async (t) => {
  const sandbox = await openSandbox(t);
  const patch = async (oversight_mode: string) =>
    (await sandbox.call("PATCH /v1/mailboxes/m2", { oversight_mode })).status;
  assert.equal(await patch("autonomous"), 400);
  assert.equal(await patch("monitored"), 400);
  assert.equal(await patch("gated_send"), 200);
  assert.equal(await patch("gated_all"), 200);
  assert.equal(await patch("gated_send"), 400);
  assert.equal(await patch("nonsense"), 400);
  assert.equal((await sandbox.call("GET /v1/mailboxes/m2")).body.oversight_mode, "gated_all");
});

test("PATCH mailbox changes nothing when one part of it is wrong", async (t) => {
  const sandbox = await openSandbox(t);
  const { status } = await sandbox.call(`PATCH ${M1}`, { auto_bcc: "spy@evil.example", auto_cc: "nobody" });
  assert.equal(status, 400);
  assert.equal((await sandbox.call(`GET ${M1}`)).body.auto_bcc, null);
});

test("PATCH mailbox sets and clears the other settings", async (t) => {
  const sandbox = await openSandbox(t);
  const settings = {
    auto_bcc: "log@team.example",
    signature_block: "Bye",
    forward_inbound: true,
    display_name: "One",
  };
  assert.deepEqual((await sandbox.call(`PATCH ${M1}`, settings)).body, { status: "updated" });
  const { body } = await sandbox.call(`GET ${M1}`);
  assert.deepEqual(
    [body.auto_bcc, body.signature_block, body.forward_inbound, body.display_name],
    ["log@team.example", "Bye", 1, "One"],
  );
  await sandbox.call(`PATCH ${M1}`, { auto_bcc: null });
  assert.equal((await sandbox.call(`GET ${M1}`)).body.auto_bcc, null);
});

test("POST mailboxes creates a gated_send mailbox in two steps", async (t) => {
  const sandbox = await openSandbox(t);
  const create = (extra = {}) => sandbox.call("POST /v1/mailboxes", { address_local: "Legal", ...extra });
  assert.equal((await create()).status, 202);
  const approval_code = await sandbox.code();
  assert.equal((await create({ approval_code: "AAA-AAA" })).status, 403);
  assert.equal((await create({ address_local: "other", approval_code })).status, 403);
  const { status, body } = await create({ approval_code });
  assert.equal(status, 201);
  assert.equal(body.address, "legal@sandbox.multimail.dev");
  assert.equal((await sandbox.call(`GET /v1/mailboxes/${body.id}`)).body.oversight_mode, "gated_send");
  assert.equal((await create()).status, 409);
  assert.equal((await create({ address_local: "a b" })).status, 400);
});
