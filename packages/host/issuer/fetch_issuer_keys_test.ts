import assert from "node:assert/strict";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type TestContext, test } from "node:test";
import { fetchIssuerKeys } from "./fetch_issuer_keys.ts";
import { fetchJson } from "./fetch_json.ts";

/** What is answered at a path; the address of the server is `BASE` in it. */
type Answers = Readonly<Record<string, unknown>>;

const RSA = { kty: "RSA", kid: "a", use: "sig", n: "AQAB", e: "AQAB" };

/** Starts a server until the test ends. */
async function serve(t: TestContext, answers: Answers | ((out: ServerResponse) => void)): Promise<string> {
  const server = createServer((incoming, outgoing) => {
    if (typeof answers === "function") return answers(outgoing);
    const answer = answers[incoming.url ?? ""];
    outgoing.statusCode = answer === undefined ? 404 : 200;
    outgoing.end(JSON.stringify(answer)?.replaceAll("BASE", url));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return url;
}

test("fetchIssuerKeys() finds the keys by either way to the metadata", async (t) => {
  const keys = { keys: [RSA, { kty: "EC", crv: "P-256" }] };
  const ways: readonly (readonly [path: string, issuer: string])[] = [
    ["/.well-known/openid-configuration", "BASE"],
    ["/.well-known/openid-configuration", "BASE/"],
    ["/realms/acme/.well-known/openid-configuration", "BASE/realms/acme"],
    ["/tenant/.well-known/openid-configuration", "BASE/tenant/"],
    ["/.well-known/oauth-authorization-server/tenant", "BASE/tenant"],
    ["/.well-known/oauth-authorization-server", "BASE"],
  ];
  for (const [path, issuer] of ways) {
    const url = await serve(t, { [path]: { issuer, jwks_uri: "BASE/keys" }, "/keys": keys });
    const found = await fetchIssuerKeys(issuer.replace("BASE", url));
    assert.equal(found.metadataUrl, url + path);
    assert.equal(found.jwksUri, `${url}/keys`);
    assert.deepEqual(found.keys, keys.keys);
  }
});

test("fetchIssuerKeys() refuses metadata of somebody else", async (t) => {
  const path = "/.well-known/openid-configuration";
  for (const issuer of ["BASE/", "BASE/other", "https://login.acme.example", 5, undefined]) {
    const url = await serve(t, { [path]: { issuer, jwks_uri: "BASE/keys" }, "/keys": { keys: [RSA] } });
    await assert.rejects(
      fetchIssuerKeys(url),
      /The issuer calls itself .* and not "http.*" \(OAUTH_ISSUER\)/,
    );
  }
});

test("fetchIssuerKeys() takes no keys that came in clear, and none that are not for signatures", async (t) => {
  const at = async (jwksUri: unknown, keys: unknown) =>
    fetchIssuerKeys(
      await serve(t, {
        "/.well-known/openid-configuration": { issuer: "BASE", jwks_uri: jwksUri },
        "/keys": keys,
      }),
    );
  for (const uri of ["http://login.acme.example/keys", "file:///etc/passwd", "/keys", 7, undefined]) {
    await assert.rejects(at(uri, { keys: [RSA] }), /name no jwks_uri with https/);
  }
  await assert.rejects(at("BASE/keys", [RSA]), /it is no set of keys/);
  await assert.rejects(at("BASE/keys", { keys: [{ kty: "oct", k: "AAAA" }] }), /no key in it is for signat/);
  await assert.rejects(at("BASE/keys", { keys: [{ ...RSA, use: "enc" }, null, 5] }), /no key in it/);
  const many = await at("BASE/keys", { keys: Array(500).fill(RSA) });
  assert.equal(many.keys.length, 100);
});

test("fetchJson() bounds an answer's size, time and way", async (t) => {
  const large = await serve(t, (out) => void out.end(`"${"x".repeat(300_000)}"`));
  await assert.rejects(fetchJson(large), /its answer is over 262144 bytes/);
  const silent = await serve(t, (out) => void out.write("{"));
  await assert.rejects(fetchJson(silent, { timeoutMs: 50 }), /no answer within 50 ms/);
  const moved = await serve(t, (out) => void out.writeHead(302, { location: large }).end());
  await assert.rejects(fetchJson(moved), /it answered 302/);
  const text = await serve(t, (out) => void out.end("<html>"));
  await assert.rejects(fetchJson(text), /its answer is no JSON/);
  await assert.rejects(fetchJson("http://127.0.0.1:1/"), /Cannot fetch http:\/\/127\.0\.0\.1:1\/: /);
});
