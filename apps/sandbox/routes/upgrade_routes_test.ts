import assert from "node:assert/strict";
import { test } from "node:test";
import { openSandbox } from "../testing/open_sandbox.ts";

const M2 = "/v1/mailboxes/m2";
const HOUR = 3600_000;

test("POST upgrade loosens a mailbox with the mailed code, once", async (t) => {
  const sandbox = await openSandbox(t);
  const request = await sandbox.call(
    `POST ${M2}/request-upgrade`,
    { target_mode: "autonomous" },
    sandbox.apiKey,
  );
  assert.deepEqual([request.status, request.body], [200, { status: "upgrade_requested" }]);
  const code = await sandbox.code();
  assert.match(code, /^[A-Z0-9]{3}-[A-Z0-9]{3}$/);
  const upgrade = (mailbox: string) =>
    sandbox.call(`POST /v1/mailboxes/${mailbox}/upgrade`, { code }, sandbox.apiKey);
  assert.equal((await upgrade("m1")).status, 403, "the code is for another mailbox");
  assert.deepEqual((await upgrade("m2")).body, { status: "upgraded" });
  assert.equal((await sandbox.call(`GET ${M2}`)).body.oversight_mode, "autonomous");
  assert.equal((await upgrade("m2")).status, 403, "the code was used");
});

test("POST upgrade refuses a wrong code, an old code and a code for something else", async (t) => {
  const sandbox = await openSandbox(t);
  const upgrade = async (code: string) => (await sandbox.call(`POST ${M2}/upgrade`, { code })).status;
  assert.equal(await upgrade("AAA-AAA"), 403);
  await sandbox.call(`POST ${M2}/request-upgrade`, { target_mode: "monitored" });
  const code = await sandbox.code();
  sandbox.advance(24 * HOUR);
  assert.equal(await upgrade(code), 403);
  await sandbox.call(`POST ${M2}/allowlist`, { pattern: "*@x.example" });
  assert.equal(await upgrade(await sandbox.code()), 403);
});

test("POST request-upgrade is for looser modes, three times an hour a mailbox", async (t) => {
  const sandbox = await openSandbox(t);
  const request = (target_mode: string, mailbox = "m2") =>
    sandbox.call(`POST /v1/mailboxes/${mailbox}/request-upgrade`, { target_mode });
  for (const mode of ["gated_send", "gated_all", "read_only", "god"]) {
    assert.equal((await request(mode)).status, 400, mode);
  }
  for (let i = 0; i < 3; i++) {
    assert.equal((await request("monitored")).status, 200);
    sandbox.advance(60_000);
  }
  const refused = await request("monitored");
  assert.equal(refused.status, 429);
  assert.equal(refused.headers.get("retry-after"), String(57 * 60));
  await sandbox.call("POST /sandbox/mailboxes/m1", { mode: "gated_all" });
  assert.equal((await request("monitored", "m1")).status, 200);
  sandbox.advance(57 * 60_000);
  assert.equal((await request("monitored")).status, 200);
});
