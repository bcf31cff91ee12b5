import assert from "node:assert/strict";
import { test } from "node:test";
import { openSandbox } from "../testing/open_sandbox.ts";

const PATH = "/v1/mailboxes/m2/allowlist";

test("POST and DELETE allowlist need a code each, for exactly that pattern", async (t) => {
  const sandbox = await openSandbox(t);
  const pattern = "*@x.example";
  const add = (body: Record<string, unknown>) => sandbox.call(`POST ${PATH}`, body);
  assert.equal((await add({ pattern })).status, 202);
  const approval_code = await sandbox.code();
  assert.equal((await add({ pattern: "*@evil.example", approval_code })).status, 403);
  assert.equal(
    (await sandbox.call("POST /v1/mailboxes/m1/allowlist", { pattern, approval_code })).status,
    403,
  );
  const added = await add({ pattern, note: "Ours", approval_code });
  assert.equal(added.status, 201);
  assert.equal((await add({ pattern: "*@X.example" })).status, 409);

  const { body } = await sandbox.call<{ entries: Record<string, unknown>[]; count: number }>(
    `GET ${PATH}`,
    undefined,
    sandbox.apiKey,
  );
  assert.equal(body.count, 1);
  assert.deepEqual(body.entries[0], added.body);

  const entry = `DELETE ${PATH}/${added.body.id}`;
  assert.equal((await sandbox.call(entry, { approval_code })).status, 403, "the code was used");
  assert.equal((await sandbox.call(entry)).status, 202);
  assert.equal((await sandbox.call(`${entry}?approval_code=${await sandbox.code()}`)).status, 200);
  assert.equal((await sandbox.call(entry)).status, 404);
});

test("POST allowlist refuses what is no pattern", async (t) => {
  const sandbox = await openSandbox(t);
  for (const pattern of [
    "",
    "*",
    "*@",
    "*@*",
    "x.example",
    "a*@x.example",
    "*@*.x.example",
    `*@${"x".repeat(254)}`,
    1,
  ]) {
    assert.equal((await sandbox.call(`POST ${PATH}`, { pattern })).status, 400, String(pattern));
  }
});
