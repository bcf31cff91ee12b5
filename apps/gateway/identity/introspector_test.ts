import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { type TestContext, test } from "node:test";
import { pino } from "pino";
import { Introspector } from "./introspector.ts";
import { SignIn } from "./sign_in.ts";
import { SignInUnavailableError } from "./sign_in_unavailable_error.ts";

const ISSUER = "https://login.acme.example";
const RESOURCE = "https://mail.acme.example/mcp/sales/bot";
const NOON = Date.parse("2026-11-28T12:00:00Z");
const GOOD = {
  active: true,
  token_type: "Bearer",
  sub: "u-ann",
  aud: RESOURCE,
  client_id: "dust",
  scope: "email",
  exp: NOON / 1_000 + 3_600,
};

/** An issuer that is asked about tokens, and a clock of the test's. */
interface Fixture {
  readonly url: string;
  /** What was asked: the header `authorization`, then the body. */
  readonly asked: readonly (readonly [string, string])[];
  /** What is answered from now on; undefined: an error. */
  answer(body: unknown): void;
  advance(ms: number): void;
  readonly clock: () => number;
}

async function start(t: TestContext): Promise<Fixture> {
  let now = NOON;
  let answer: unknown = GOOD;
  const asked: [string, string][] = [];
  const server = createServer(async (incoming, outgoing) => {
    asked.push([incoming.headers.authorization ?? "", await text(incoming)]);
    outgoing.statusCode = answer === undefined ? 500 : 200;
    outgoing.end(JSON.stringify(answer ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/introspect`,
    asked,
    answer: (body) => {
      answer = body;
    },
    advance: (ms) => {
      now += ms;
    },
    clock: () => now,
  };
}

const CLIENT = { clientId: "gate way", clientSecret: "s:ecret&%", log: pino({ level: "silent" }) };

test("Introspector.claimsOf() asks as RFC 7662 says, once for each token in a minute", async (t) => {
  const { url, clock, asked, advance } = await start(t);
  const introspector = new Introspector({ url, clock, ...CLIENT });
  const all = await Promise.all(Array.from({ length: 20 }, () => introspector.claimsOf("opaque+/=token")));
  for (const claims of all) assert.equal(claims?.sub, "u-ann");
  const credentials = Buffer.from("gate+way:s%3Aecret%26%25").toString("base64");
  assert.deepEqual(asked, [
    [`Basic ${credentials}`, "token=opaque%2B%2F%3Dtoken&token_type_hint=access_token"],
  ]);
  advance(60_000);
  await introspector.claimsOf("opaque+/=token");
  assert.equal(asked.length, 2);
});

test("Introspector.claimsOf() takes only what is active, and a bearer token", async (t) => {
  const { url, clock, answer, advance } = await start(t);
  const introspector = new Introspector({ url, clock, ...CLIENT });
  const { token_type: _, ...untyped } = GOOD;
  for (const told of [
    { active: false },
    { ...GOOD, active: "true" },
    { ...GOOD, active: 1 },
    { ...GOOD, token_type: "DPoP" },
    untyped,
    [GOOD],
    null,
    "active",
  ]) {
    answer(told);
    advance(60_000);
    assert.equal(await introspector.claimsOf("t"), undefined, JSON.stringify(told));
  }
});

test("Introspector.claimsOf() asks about made-up tokens within bounds, and goes on with those that it knows", async (t) => {
  const { url, clock, asked, answer, advance } = await start(t);
  const introspector = new Introspector({ url, clock, ...CLIENT });
  assert.equal((await introspector.claimsOf("good"))?.sub, "u-ann");
  answer({ active: false });
  const ask = async (token: string) => {
    try {
      return await introspector.claimsOf(token);
    } catch (error) {
      assert.ok(error instanceof SignInUnavailableError);
      return error.code;
    }
  };
  const found = await Promise.all(Array.from({ length: 10_000 }, (_, i) => ask(`made-up-${i}`)));
  assert.equal(asked.length, 61);
  assert.equal(found.filter((one) => one === undefined).length, 60);
  // The same again cost nothing, nor do good ones that are known.
  assert.equal(await ask("made-up-0"), undefined);
  assert.notEqual(await ask("good"), "sign_in_unavailable");
  assert.equal(asked.length, 61);
  advance(1_000);
  await Promise.all(Array.from({ length: 100 }, (_, i) => ask(`again-${i}`)));
  assert.equal(asked.length, 62);
  // Good ones do not use it up.
  answer(GOOD);
  advance(60_000);
  for (let i = 0; i < 100; i++) await ask(`good-${i}`);
  assert.equal(asked.length, 162);
});

test("Introspector.claimsOf() says that nobody knows when the issuer does not answer", async (t) => {
  const { url, clock, answer } = await start(t);
  const introspector = new Introspector({ url, clock, ...CLIENT });
  answer(undefined);
  await assert.rejects(introspector.claimsOf("t"), SignInUnavailableError);
  answer(GOOD);
  assert.equal((await introspector.claimsOf("t"))?.sub, "u-ann");
});

test("SignIn.identify() judges what it is told of an opaque token as what is signed", async (t) => {
  const { url, clock, answer, advance, asked } = await start(t);
  const signIn = new SignIn({
    settings: {
      ...{ oauthIssuer: ISSUER, oauthScope: "email", oauthClients: ["dust"], oauthEmailClaim: "email" },
      ...{ oauthTrustedDomains: [], oauthIntrospectionUrl: url, oauthIntrospectionClientId: "gateway" },
      oauthIntrospectionClientSecret: "0123456789",
      publicUrl: "https://mail.acme.example",
    },
    clock,
    log: CLIENT.log,
    fetchKeys: () => Promise.reject(new Error("Nobody asks for keys here")),
  });
  const tryTold = async (told: unknown) => {
    answer(told);
    advance(60_000);
    const found = await signIn.identify("opaque", RESOURCE);
    return found.ok ? `ok ${found.person.issuer} ${found.person.subject}` : found.code;
  };
  assert.equal(await tryTold(GOOD), `ok ${ISSUER} u-ann`);
  assert.equal(await tryTold({ ...GOOD, iss: ISSUER }), `ok ${ISSUER} u-ann`);
  for (const wrong of [
    { iss: "https://evil.example" },
    { aud: undefined },
    { aud: "https://mail.acme.example" },
    { exp: undefined },
    { exp: NOON / 1_000 },
    { client_id: "evil" },
    { client_id: undefined },
    { sub: undefined },
    { cnf: { jkt: "x" } },
  ]) {
    assert.equal(await tryTold({ ...GOOD, ...wrong }), "invalid_token", JSON.stringify(wrong));
  }
  assert.equal(await tryTold({ ...GOOD, scope: "openid" }), "insufficient_scope");
  const before = asked.length;
  for (const token of [`csk_${"A".repeat(43)}`, "x".repeat(13_000)]) {
    assert.deepEqual(await signIn.identify(token, RESOURCE), { ok: false, code: "invalid_token" });
  }
  assert.equal(asked.length, before);
});
