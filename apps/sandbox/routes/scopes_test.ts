import assert from "node:assert/strict";
import { test } from "node:test";
import { M1, openSandbox } from "../testing/open_sandbox.ts";

test("Routes open to the scopes that MultiMail names, and admin opens all", async (t) => {
  const sandbox = await openSandbox(t);
  const id = await sandbox.send();
  const routes: readonly [request: string, scope: "read" | "send" | "oversight" | "admin"][] = [
    ["GET /v1/account", "read"],
    ["GET /v1/usage", "read"],
    ["GET /v1/mailboxes", "read"],
    [`GET ${M1}`, "read"],
    [`GET ${M1}/allowlist`, "read"],
    [`GET ${M1}/emails`, "read"],
    [`GET ${M1}/emails/${id}`, "read"],
    [`GET ${M1}/emails/${id}/tags`, "read"],
    [`POST ${M1}/send`, "send"],
    [`POST ${M1}/reply/${id}`, "send"],
    [`POST ${M1}/emails/${id}/cancel`, "send"],
    [`PUT ${M1}/emails/${id}/tags`, "send"],
    [`POST ${M1}/request-upgrade`, "send"],
    [`POST ${M1}/upgrade`, "send"],
    ["GET /v1/oversight/pending", "oversight"],
    ["POST /v1/oversight/decide", "oversight"],
    ["POST /v1/mailboxes", "admin"],
    [`PATCH ${M1}`, "admin"],
    [`POST ${M1}/allowlist`, "admin"],
    [`DELETE ${M1}/allowlist/none`, "admin"],
    ["GET /v1/webhooks", "admin"],
    ["POST /v1/webhooks", "admin"],
    ["GET /v1/api-keys", "admin"],
    ["GET /v1/audit-log", "admin"],
  ];
  for (const [request, scope] of routes) {
    const keys: readonly [key: string, opens: boolean][] = [
      [sandbox.apiKey, scope === "read" || scope === "send"],
      [sandbox.oversightKey, scope === "read" || scope === "oversight"],
      [sandbox.adminKey, true],
    ];
    for (const [key, opens] of keys) {
      const { status } = await sandbox.call(request, undefined, key);
      assert.equal(status !== 403, opens, `${request} with scope ${scope}: ${status}`);
    }
    for (const key of [null, "mm_test_unknown", ""]) {
      const { status, body } = await sandbox.call(request, undefined, key);
      assert.equal(status, 401, request);
      assert.deepEqual(Object.keys(body), ["error"]);
    }
  }
});
