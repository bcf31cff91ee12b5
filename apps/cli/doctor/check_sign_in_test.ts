import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { checkSignIn } from "./check_sign_in.ts";

test("checkSignIn() says whether the issuer is there, calls itself so, and publishes keys", async (t) => {
  const server = createServer((incoming, outgoing) => {
    const isMetadata = incoming.url === "/.well-known/openid-configuration";
    const metadata = { issuer: url, jwks_uri: `${url}/keys` };
    outgoing.end(JSON.stringify(isMetadata ? metadata : { keys: [{ kty: "EC" }] }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const cases: readonly [env: Record<string, string>, level: string, message: RegExp][] = [
    [{}, "ok", /^OAUTH_ISSUER is not set/],
    [{ OAUTH_CLIENTS: "a" }, "warning", /^OAUTH_CLIENTS means nothing without OAUTH_ISSUER$/],
    [{ OAUTH_ISSUER: url }, "ok", /publishes 1 key \(http.*openid-configuration\)$/],
    [{ OAUTH_ISSUER: `${url}/` }, "problem", /The issuer calls itself "http.*" \(OAUTH_ISSUER\)/],
    [{ OAUTH_ISSUER: "http://127.0.0.1:1" }, "problem", /Cannot fetch http:\/\/127\.0\.0\.1:1/],
  ];
  for (const [env, level, message] of cases) {
    const [finding, ...others] = await checkSignIn(env);
    assert.deepEqual([finding?.what, finding?.level, others.length], ["sign-in", level, 0]);
    assert.match(finding?.message ?? "", message);
  }
});
