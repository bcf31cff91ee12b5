import assert from "node:assert/strict";
import { test } from "node:test";
import { allowedHosts } from "./allowed_hosts.ts";

test("allowedHosts() names where the gateway listens and how it is reached", () => {
  const local = ["localhost", "127.0.0.1", "[::1]"];
  const cases: readonly [host: string, publicUrl: string, want: readonly string[]][] = [
    ["127.0.0.1", "http://127.0.0.1:8787", ["127.0.0.1", "127.0.0.1", ...local]],
    ["::1", "https://Mail.acme.example/", ["[::1]", "mail.acme.example", ...local]],
    ["0.0.0.0", "https://mail.acme.example:8443", ["0.0.0.0", "mail.acme.example", ...local]],
    ["10.1.2.3", "https://mail.acme.example", ["10.1.2.3", "mail.acme.example"]],
    ["Mail.Internal", "https://mail.acme.example", ["mail.internal", "mail.acme.example"]],
  ];
  for (const [host, publicUrl, want] of cases)
    assert.deepEqual(allowedHosts({ host, publicUrl }), want, host);
});

test("allowedHosts() takes the names that a proxy gives it", () => {
  const reachable = { host: "10.1.2.3", publicUrl: "https://mail.acme.example" };
  assert.deepEqual(allowedHosts({ ...reachable, allowedHosts: ["gateway.internal"] }), [
    "10.1.2.3",
    "mail.acme.example",
    "gateway.internal",
  ]);
});
