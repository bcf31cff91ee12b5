import assert from "node:assert/strict";
import { test } from "node:test";
import { M1, openSandbox } from "../testing/open_sandbox.ts";

test("GET api-keys never shows a key", async (t) => {
  const sandbox = await openSandbox(t);
  const { body } = await sandbox.call<{ api_keys: { prefix: string; scopes: string[] }[] }>(
    "GET /v1/api-keys",
  );
  assert.deepEqual(
    body.api_keys.map(({ scopes }) => scopes),
    [["read", "send"], ["read", "oversight"], ["admin"]],
  );
  for (const [i, key] of [sandbox.apiKey, sandbox.oversightKey, sandbox.adminKey].entries()) {
    assert.ok(key.startsWith(body.api_keys[i]?.prefix ?? "none"));
    assert.equal(JSON.stringify(body).includes(key), false);
  }
});

test("GET audit-log pages through what was done, newest first", async (t) => {
  const sandbox = await openSandbox(t);
  const id = await sandbox.send();
  await sandbox.call(`POST ${M1}/emails/${id}/cancel`);
  interface Log {
    readonly entries: readonly { readonly action: string; readonly resource_id: string }[];
    readonly cursor: string | null;
  }
  const first = (await sandbox.call<Log>("GET /v1/audit-log?limit=1")).body;
  const second = (await sandbox.call<Log>(`GET /v1/audit-log?cursor=${first.cursor}`)).body;
  assert.deepEqual(
    [...first.entries, ...second.entries].map(({ action, resource_id }) => [action, resource_id]),
    [
      ["email.cancel", id],
      ["email.send", id],
    ],
  );
  assert.equal(second.cursor, null);
});

test("GET account and usage count what left and what came", async (t) => {
  const sandbox = await openSandbox(t);
  await sandbox.send();
  await sandbox.call("POST /sandbox/inbound", {
    mailbox_id: "m1",
    from: "a@x.example",
    subject: "",
    markdown: "",
  });
  sandbox.advance();
  assert.equal((await sandbox.call("GET /v1/account")).body.emails_sent_this_month, 1);
  const { emails_sent, emails_received } = (await sandbox.call("GET /v1/usage")).body;
  assert.deepEqual([emails_sent, emails_received], [1, 1]);
});
