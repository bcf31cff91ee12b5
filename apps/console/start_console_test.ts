import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { CONSOLE_SETTINGS, CONSOLE_VERIFIER_FILE, parseEnv } from "@countersign/host";
import { parseVerifierKey } from "@countersign/trail";
import { startConsole } from "./start_console.ts";
import { startTestConsole } from "./testing/start_test_console.ts";

test("startConsole() answers a probe, and leads everybody else to the sign-in and back", async (t) => {
  const { nobody } = await startTestConsole(t);
  const alive = await nobody.get("/healthz");
  assert.deepEqual([alive.status, JSON.parse(alive.text)], [200, { status: "ok" }]);
  for (const path of ["/", "/policies", "/trail?team=sales", "/nothing"]) {
    const { status, headers } = await nobody.get(path);
    assert.deepEqual(
      [status, headers.get("location")],
      [303, `/sign-in?to=${encodeURIComponent(path)}`],
      path,
    );
  }
});

test("startConsole() keeps a signing key of its own, closed to others, and tells its verifier key", async (t) => {
  const { dataDir } = await startTestConsole(t);
  const folder = join(dataDir, "console");
  assert.equal(statSync(folder).mode & 0o777, 0o700);
  assert.equal(statSync(join(folder, "console_signing_key.pem")).mode & 0o777, 0o600);
  const key = parseVerifierKey(readFileSync(join(folder, CONSOLE_VERIFIER_FILE), "utf8").trim());
  assert.equal(key.name, "countersign/console");
});

test("startConsole() says what is missing for a sign-in with the company account", async (t) => {
  const { policies, dataDir } = await startTestConsole(t);
  const settings = parseEnv(
    { DATA_DIR: dataDir, CONSOLE_PORT: "0", CONSOLE_AUTH: "oidc", LOG_LEVEL: "silent" },
    CONSOLE_SETTINGS,
  );
  await assert.rejects(
    startConsole({ settings, policies, env: {} }),
    /CONSOLE_AUTH is "oidc", and OIDC_ISSUER and OIDC_CLIENT_ID must be set/,
  );
});

test("startConsole() sends every page with headers that let nothing else in", async (t) => {
  const console = await startTestConsole(t);
  const lead = await console.signIn("sales-lead@acme.example");
  for (const { headers } of [await lead.get("/policies"), await console.nobody.get("/sign-in")]) {
    const policy = headers.get("content-security-policy") ?? "";
    assert.match(policy, /default-src 'none'.*frame-ancestors 'none'/);
    assert.doesNotMatch(policy, /unsafe|\*|https?:/);
    assert.equal(headers.get("cache-control"), "no-store");
    assert.equal(headers.get("referrer-policy"), "same-origin");
    assert.equal(headers.get("x-content-type-options"), "nosniff");
  }
});
