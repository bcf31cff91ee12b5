import assert from "node:assert/strict";
import { test } from "node:test";
import { notifyTarget } from "./notify_target.ts";

const where = { file: "teams/_organisation.yaml", line: 1, column: 1 };
const CHAT = { kind: "slack", urlEnv: "NOTIFY_CHAT", where } as const;
const HOOK = { kind: "webhook", urlEnv: "NOTIFY_URL", secretEnv: "NOTIFY_SECRET", where } as const;

test("notifyTarget() takes https only, and http to this machine only where that is wanted", () => {
  const isTaken = (url: string, allowLoopback?: boolean) =>
    notifyTarget(CHAT, { NOTIFY_CHAT: url }, { ...(allowLoopback && { allowLoopback }) }).ok;
  assert.ok(isTaken("https://hooks.slack.com/services/T0/B0/x"));
  assert.ok(isTaken("https://a.logic.azure.com:443/workflows/1/triggers/manual/paths/invoke?sig=a-b"));
  assert.ok(isTaken("http://127.0.0.1:1/x", true));
  for (const url of [
    ...["http://hooks.acme.example/x", "http://127.0.0.1:1/x", "file:///etc/passwd", "ftp://acme.example/x"],
    ...[
      "https://user:pass@acme.example/x",
      "https://acme.example/x#y",
      "hooks.acme.example/x",
      "javascript:1",
    ],
    ...['"https://acme.example/x"', "https://acme.example/x\n", " https://acme.example/x", "https://"],
    `https://acme.example/${"x".repeat(2_000)}`,
  ]) {
    assert.ok(!isTaken(url), url);
    assert.ok(!isTaken(url, true) || url.startsWith("http://127.0.0.1:"), url);
  }
  for (const url of ["http://127.0.0.1.acme.example/x", "http://169.254.169.254/x", "http://0.0.0.0/x"])
    assert.ok(!isTaken(url, true), url);
});

test("notifyTarget() wants of a webhook a secret of the specification's length, and never shows what it got", () => {
  const told = (secret?: string) => {
    const env = {
      NOTIFY_URL: "https://acme.example/x",
      ...(secret !== undefined && { NOTIFY_SECRET: secret }),
    };
    const result = notifyTarget(HOOK, env);
    return result.ok ? "ok" : result.problem;
  };
  const secretOf = (bytes: number) => `whsec_${Buffer.alloc(bytes, 1).toString("base64")}`;
  for (const bytes of [24, 25, 32, 64]) assert.equal(told(secretOf(bytes)), "ok");
  assert.equal(told(), "NOTIFY_SECRET is not set");
  for (const secret of [secretOf(23), secretOf(65), secretOf(32).slice(6), "whsec_", `${secretOf(32)} `])
    assert.match(told(secret), /^NOTIFY_SECRET must be "whsec_" and 24 to 64 bytes as base64: echo/);
  assert.equal(notifyTarget(CHAT, {}).ok, false);
  assert.deepEqual(notifyTarget(CHAT, {}), { ok: false, problem: "NOTIFY_CHAT is not set" });
});
