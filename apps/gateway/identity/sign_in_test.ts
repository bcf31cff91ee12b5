import assert from "node:assert/strict";
import { createHmac, createPublicKey, randomBytes } from "node:crypto";
import { test } from "node:test";
import type { IssuerKeys, PublicJwk } from "@countersign/host";
import { exportSPKI, importJWK, UnsecuredJWT } from "jose";
import { pino } from "pino";
import { createTokenMaker, type TokenMaker } from "../testing/token_maker.ts";
import { SignIn, type SignInSettings } from "./sign_in.ts";

const ISSUER = "https://login.acme.example";
const RESOURCE = "https://mail.acme.example/mcp/sales/bot";
const NOON = Date.parse("2026-11-28T12:00:00Z");

/** Sign-in with an issuer that publishes what the test says, on a clock of the test's. */
interface Fixture {
  readonly maker: TokenMaker;
  readonly signIn: SignIn;
  /** What the issuer publishes from now on; undefined: it does not answer. */
  publish(keys: readonly PublicJwk[] | undefined): void;
  /** How often the issuer was asked. */
  asked(): number;
  advance(ms: number): void;
  /** "ok" and the subject, or the code of the refusal. */
  tryToken(token: string, resource?: string): Promise<string>;
}

async function start(changes: Partial<SignInSettings> = {}, alg?: string): Promise<Fixture> {
  let now = NOON;
  const clock = () => now;
  const maker = await createTokenMaker({ issuer: ISSUER, clock, ...(alg !== undefined && { alg }) });
  let published: readonly PublicJwk[] | undefined = [maker.publicJwk];
  let asked = 0;
  const fetchKeys = async (): Promise<IssuerKeys> => {
    asked++;
    if (published === undefined) throw new Error("Cannot fetch");
    return { metadataUrl: "", jwksUri: "", keys: published };
  };
  const settings: SignInSettings = {
    publicUrl: "https://mail.acme.example",
    oauthIssuer: ISSUER,
    oauthScope: "email",
    oauthClients: [],
    oauthEmailClaim: "email",
    oauthTrustedDomains: [],
    ...changes,
  };
  const signIn = new SignIn({ settings, clock, log: pino({ level: "silent" }), fetchKeys });
  return {
    maker,
    signIn,
    publish: (keys) => {
      published = keys;
    },
    asked: () => asked,
    advance: (ms) => {
      now += ms;
    },
    tryToken: async (token, resource = RESOURCE) => {
      try {
        const found = await signIn.identify(token, resource);
        return found.ok ? `ok ${found.person.subject}` : found.code;
      } catch (error) {
        if (error instanceof Error && "code" in error) return String(error.code);
        throw error;
      }
    },
  };
}

function base64url(value: unknown): string {
  return Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
}

test("SignIn.identify() takes a token of the issuer's for this address, and tells whose it is", async () => {
  const { maker, signIn } = await start({ oauthGroupsClaim: "groups" });
  const token = await maker.sign(RESOURCE, { groups: ["sales", 7, "all"] });
  const found = await signIn.identify(token, RESOURCE);
  assert.ok(found.ok);
  const { issuer, subject, address, claims } = found.person;
  assert.deepEqual([issuer, subject, address?.address], [ISSUER, "u-ann", "ann@acme.example"]);
  assert.deepEqual(claims, ["sales", "all"]);
});

test("SignIn.identify() takes each algorithm with a public key", async () => {
  for (const alg of ["RS256", "PS256", "PS512", "ES256", "ES384", "EdDSA", "Ed25519"]) {
    const { maker, tryToken } = await start({}, alg);
    assert.equal(await tryToken(await maker.sign(RESOURCE)), "ok u-ann", alg);
  }
});

test("SignIn.identify() takes tokens as identity providers write them", async (t) => {
  const tenant = "8f14e45f-ceea-467a-9575-1a2b3c4d5e6f";
  const api = "api://countersign";
  const cases: readonly (readonly [
    name: string,
    settings: Partial<SignInSettings>,
    claims: Record<string, unknown>,
    header: Record<string, unknown>,
  ])[] = [
    ["RFC 9068", {}, {}, { typ: "application/at+jwt" }],
    ["several audiences", {}, { aud: ["account", RESOURCE] }, {}],
    [
      "Entra ID, version 2",
      { oauthAudience: "e2d0c9b8-0000", oauthScope: "api://countersign/mail.use", oauthClients: ["c1"] },
      {
        aud: "e2d0c9b8-0000",
        scope: undefined,
        scp: "mail.use",
        client_id: undefined,
        azp: "c1",
        ver: "2.0",
      },
      { typ: "JWT", x5t: "abc" },
    ],
    [
      "Entra ID, version 1",
      { oauthAudience: api, oauthScope: "mail.use", oauthClients: ["c1"] },
      { aud: api, scope: undefined, scp: "mail.use other", client_id: undefined, appid: "c1", tid: tenant },
      { typ: "JWT" },
    ],
    [
      "Okta",
      { oauthAudience: api, oauthClients: ["0oa1"] },
      { aud: api, scope: undefined, scp: ["email", "offline_access"], client_id: undefined, cid: "0oa1" },
      { typ: undefined },
    ],
    [
      "Keycloak",
      { oauthAudience: "countersign", oauthClients: ["dust"] },
      { aud: ["countersign", "account"], client_id: undefined, azp: "dust", typ: "Bearer", sid: "s" },
      { typ: "JWT" },
    ],
    [
      "Auth0",
      { oauthAudience: api, oauthEmailClaim: "https://acme.example/email" },
      { aud: [api, "https://acme.auth0.com/userinfo"], azp: "dust", client_id: undefined },
      { typ: "JWT" },
    ],
  ];
  for (const [name, settings, claims, header] of cases) {
    await t.test(name, async () => {
      const { maker, tryToken } = await start(settings);
      assert.equal(await tryToken(await maker.sign(RESOURCE, claims, header)), "ok u-ann");
    });
  }
});

const SECONDS = NOON / 1_000;

/** Signed by the issuer, and not good for this address. */
const WRONG: readonly (readonly [
  name: string,
  claims: Readonly<Record<string, unknown>>,
  header?: Readonly<Record<string, unknown>>,
])[] = [
  ["for another assistant", { aud: "https://mail.acme.example/mcp/sales/other" }],
  ["for the whole gateway", { aud: "https://mail.acme.example" }],
  ["for an address that begins like this one", { aud: `${RESOURCE}2` }],
  ["for this address in other letters", { aud: RESOURCE.toUpperCase() }],
  ["for nobody", { aud: undefined }],
  ["for no audience", { aud: [] }],
  ["for this address twice", { aud: [RESOURCE, RESOURCE] }],
  ["for this address and a number", { aud: [RESOURCE, 5] }],
  ["for an audience within an audience", { aud: [[RESOURCE]] }],
  [
    "for more audiences than there are",
    { aud: [RESOURCE, ...Array.from({ length: 60 }, (_, i) => `a${i}`)] },
  ],
  ["of another issuer", { iss: "https://login.evil.example" }],
  ["of an issuer with a slash", { iss: `${ISSUER}/` }],
  ["of several issuers", { iss: [ISSUER] }],
  ["of no issuer", { iss: undefined }],
  ["expired", { exp: SECONDS - 61 }],
  ["without an end", { exp: undefined }],
  ["with an end that is a text", { exp: String(SECONDS + 3_600) }],
  ["not valid yet", { nbf: SECONDS + 61 }],
  ["valid from a text", { nbf: "0" }],
  ["from the future", { iat: SECONDS + 61 }],
  ["an ID token, by its nonce", { nonce: "n" }, { typ: "JWT" }],
  ["an ID token, by a hash", { at_hash: "h" }, { typ: "JWT" }],
  ["an ID token, for its client", { aud: ["dust", RESOURCE] }, { typ: "JWT" }],
  ["an ID token, for its client, untyped", { aud: ["dust", RESOURCE] }, { typ: undefined }],
  ["an ID token, by its kind", { typ: "ID" }, { typ: "JWT" }],
  ["a refresh token, by its kind", { typ: "Refresh" }, { typ: "JWT" }],
  ["an ID token, by its use", { token_use: "id" }, { typ: "JWT" }],
  ["a logout token", { events: { "http://schemas.openid.net/event/backchannel-logout": {} } }],
  ["of another type", {}, { typ: "logout+jwt" }],
  ["of a type that is no text", {}, { typ: 5 }],
  ["bound to a key (DPoP)", { cnf: { jkt: "x" } }],
  ["a program's own", { sub: "dust" }],
  ["a program's own, of Entra ID", { idtyp: "app" }],
  ["a program's own, of Auth0", { gty: "client-credentials" }],
  ["nobody's", { sub: undefined }],
  ["nobody's, blank", { sub: " " }],
  ["nobody's, a number", { sub: 5 }],
  ["somebody's with a name without end", { sub: "u".repeat(256) }],
  ["nested", {}, { cty: "JWT" }],
  ["with a critical header", {}, { crit: ["exp"], exp: 1 }],
  ["with a header that fetches keys", {}, { jku: "https://evil.example/keys" }],
  ["with a header that fetches certificates", {}, { x5u: "https://evil.example/chain" }],
  ["with a header that brings its key", {}, { jwk: { kty: "EC", crv: "P-256", x: "a", y: "b" } }],
];

test("SignIn.identify() refuses what the issuer signed for something else", async (t) => {
  const { maker, tryToken, asked } = await start();
  assert.equal(await tryToken(await maker.sign(RESOURCE)), "ok u-ann");
  for (const [name, claims, header] of WRONG) {
    await t.test(name, async () => {
      // What jose would not sign, it need not: it is refused before its signature is checked.
      const token = await maker
        .sign(RESOURCE, claims, header)
        .catch(() => `${base64url({ alg: "ES256", kid: "k1", ...header })}.${base64url(claims)}.AAAA`);
      assert.equal(await tryToken(token), "invalid_token");
    });
  }
  assert.equal(asked(), 1);
});

test("SignIn.identify() bears clocks that differ by a minute", async () => {
  const { maker, tryToken } = await start();
  for (const claims of [{ exp: SECONDS - 59 }, { nbf: SECONDS + 59 }, { iat: SECONDS + 59 }]) {
    assert.equal(await tryToken(await maker.sign(RESOURCE, claims)), "ok u-ann");
  }
});

test("SignIn.identify() refuses what the issuer did not sign", async (t) => {
  const { maker, tryToken, asked } = await start({}, "RS256");
  const good = await maker.sign(RESOURCE);
  const [head = "", body = "", signature = ""] = good.split(".");
  const claims = JSON.parse(Buffer.from(body, "base64url").toString()) as Record<string, unknown>;
  const evil = await createTokenMaker({ issuer: ISSUER, alg: "RS256", clock: () => NOON });
  const publicKey = await importJWK(maker.publicJwk as never, "RS256");
  const pem = await exportSPKI(publicKey as never);
  const hmac = (secret: string | Buffer, header: object): string => {
    const text = `${base64url(header)}.${body}`;
    return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
  };
  const der = createPublicKey(pem).export({ format: "der", type: "spki" });
  const cases: readonly (readonly [name: string, token: string])[] = [
    ["unsigned", new UnsecuredJWT(claims).encode()],
    ["unsigned, in other letters", `${base64url({ alg: "nOnE" })}.${body}.`],
    ["its signature taken off", `${head}.${body}.`],
    ["another signature", `${head}.${body}.${base64url(randomBytes(256).toString("latin1"))}`],
    ["other claims under its signature", `${head}.${base64url({ ...claims, sub: "u-ceo" })}.${signature}`],
    ["another header over its signature", `${base64url({ alg: "PS256", kid: "k1" })}.${body}.${signature}`],
    ["HMAC with the public key as PEM", hmac(pem, { alg: "HS256", kid: "k1", typ: "at+jwt" })],
    ["HMAC with the public key as DER", hmac(der, { alg: "HS256", kid: "k1", typ: "at+jwt" })],
    ["HMAC with the published set", hmac(JSON.stringify(maker.publicJwk), { alg: "HS256", kid: "k1" })],
    ["HMAC with nothing", hmac("", { alg: "HS512", typ: "at+jwt" })],
    ["somebody else's key under the issuer's name for its own", await evil.sign(RESOURCE)],
    ["a key without a name", await evil.sign(RESOURCE, {}, { kid: undefined })],
    ["a name that is a path", await evil.sign(RESOURCE, {}, { kid: "../../../../dev/null" })],
    ["a name that is an address", await evil.sign(RESOURCE, {}, { kid: "https://evil.example/key" })],
    ["a name that is a command", await evil.sign(RESOURCE, {}, { kid: "k1' OR '1'='1" })],
    ["a name of another kind", `${base64url({ alg: "RS256", kid: { $ne: 1 } })}.${body}.${signature}`],
    [
      "encrypted",
      `${base64url({ alg: "dir", enc: "A256GCM" })}..${base64url("a")}.${body}.${base64url("b")}`,
    ],
    [
      "a token within a token",
      await maker.sign(RESOURCE).then((inner) => `${head}.${base64url(inner)}.${signature}`),
    ],
    ["a header that is no JSON", `eyJ.${body}.${signature}`],
    ["a header that is a list", `${base64url([])}.${body}.${signature}`],
    ["claims that are a list", `${head}.${base64url([claims])}.${signature}`],
    ["claims that are null", `${head}.${base64url("null")}.${signature}`],
    ["a huge token", await maker.sign(RESOURCE, { x: "x".repeat(13_000) })],
    ["an assistant's key", "csk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"],
    ["words", "sesame"],
    ["dots", "..."],
    ["padding", `${good}=`],
  ];
  for (const [name, token] of cases) {
    await t.test(name, async () => assert.equal(await tryToken(token), "invalid_token"));
  }
  assert.equal(await tryToken(good), "ok u-ann");
  // Once for the keys; names that nobody knows came within the half minute after that.
  assert.equal(asked(), 1);
});

test("SignIn.identify() wants the tenant that the issuer is of", async () => {
  const tenant = "8f14e45f-ceea-467a-9575-1a2b3c4d5e6f";
  const issuer = `https://login.microsoftonline.com/${tenant}/v2.0`;
  const { maker, tryToken } = await start({ oauthIssuer: issuer });
  const sign = (tid: unknown) => maker.sign(RESOURCE, { iss: issuer, tid });
  assert.equal(await tryToken(await sign(tenant)), "ok u-ann");
  for (const tid of ["11111111-ceea-467a-9575-1a2b3c4d5e6f", "", 5, null]) {
    assert.equal(await tryToken(await sign(tid)), "invalid_token");
  }
});

test("SignIn.identify() takes tokens of the clients that are named, and no others", async () => {
  const { maker, tryToken } = await start({ oauthClients: ["dust", "inspector"] });
  assert.equal(await tryToken(await maker.sign(RESOURCE)), "ok u-ann");
  for (const claims of [
    { client_id: "evil" },
    { client_id: undefined },
    { client_id: ["dust"] },
    { azp: "evil" },
    { client_id: "DUST" },
  ]) {
    assert.equal(await tryToken(await maker.sign(RESOURCE, claims)), "invalid_token", JSON.stringify(claims));
  }
});

test("SignIn.identify() tells a missing scope only to whom the issuer issued the token", async () => {
  const { maker, tryToken } = await start();
  for (const claims of [
    { scope: "openid emails" },
    { scope: undefined },
    { scope: undefined, scp: "openid" },
    { scope: "EMAIL" },
    { scope: { email: true } },
  ]) {
    assert.equal(await tryToken(await maker.sign(RESOURCE, claims)), "insufficient_scope");
  }
  const evil = await createTokenMaker({ issuer: ISSUER, clock: () => NOON });
  assert.equal(await tryToken(await evil.sign(RESOURCE, { scope: "openid" })), "invalid_token");
});

test("SignIn.identify() follows the issuer to new keys, and forgets what it takes back", async () => {
  const { maker, tryToken, publish, advance, asked } = await start();
  const old = await maker.sign(RESOURCE, { exp: SECONDS + 100_000 });
  assert.equal(await tryToken(old), "ok u-ann");
  const next = await createTokenMaker({ issuer: ISSUER, kid: "k2", clock: () => NOON });
  const fresh = await next.sign(RESOURCE, { exp: SECONDS + 100_000 });
  publish([maker.publicJwk, next.publicJwk]);
  advance(31_000);
  assert.equal(await tryToken(fresh), "ok u-ann");
  assert.equal(asked(), 2);
  publish([next.publicJwk]);
  advance(11 * 60_000);
  // Older keys do while they are asked for anew.
  assert.equal(await tryToken(fresh), "ok u-ann");
  assert.equal(await tryToken(fresh), "ok u-ann");
  assert.equal(asked(), 3);
  assert.equal(await tryToken(old), "invalid_token");
});

test("SignIn.identify() asks the issuer twice a minute at most, whatever comes: here 10,000 bad tokens", async () => {
  const { maker, tryToken, publish, advance, asked } = await start();
  const [, claims = "", signature = ""] = (await maker.sign(RESOURCE)).split(".");
  const tokens = Array.from({ length: 10_000 }, (_, i) => {
    if (i % 3 === 0) return `opaque-${i}`;
    // A key that nobody knows, or a signature that is none.
    const header = { alg: "ES256", kid: i % 3 === 1 ? `k${i + 2}` : "k1", typ: "at+jwt", n: i };
    return `${base64url(header)}.${claims}.${signature}`;
  });
  const codes = new Set<string>();
  for (const token of tokens) codes.add(await tryToken(token));
  assert.deepEqual([...codes], ["invalid_token"]);
  assert.equal(asked(), 1);
  advance(30_000);
  for (const code of await Promise.all(tokens.map((token) => tryToken(token)))) codes.add(code);
  assert.deepEqual([...codes], ["invalid_token"]);
  assert.equal(asked(), 2);
  publish(undefined);
  advance(30_000);
  await Promise.all(tokens.slice(0, 100).map((token) => tryToken(token)));
  for (const token of tokens.slice(0, 100)) await tryToken(token);
  assert.equal(asked(), 3);
});

test("SignIn.identify() says that nobody knows while the issuer cannot be asked, and not that a token is bad", async () => {
  const { maker, tryToken, publish, advance, asked } = await start();
  publish(undefined);
  const token = await maker.sign(RESOURCE, { exp: SECONDS + 100_000 });
  for (let i = 0; i < 5; i++) assert.equal(await tryToken(token), "sign_in_unavailable");
  assert.equal(asked(), 1);
  publish([maker.publicJwk]);
  advance(30_000);
  assert.equal(await tryToken(token), "ok u-ann");
  publish(undefined);
  advance(59 * 60_000);
  assert.equal(await tryToken(token), "ok u-ann");
  advance(60_000);
  assert.equal(await tryToken(token), "sign_in_unavailable");
});

test("SignIn.identify() logs what is wrong at the level debug, and never a token", async () => {
  const lines: string[] = [];
  const log = pino({ level: "debug" }, { write: (line: string) => void lines.push(line) });
  const maker = await createTokenMaker({ issuer: ISSUER });
  const signIn = new SignIn({
    settings: {
      ...{ oauthIssuer: ISSUER, oauthScope: "email", oauthClients: [], oauthEmailClaim: "email" },
      oauthTrustedDomains: [],
      publicUrl: "https://mail.acme.example",
    },
    clock: Date.now,
    log,
    fetchKeys: async () => ({ metadataUrl: "", jwksUri: "", keys: [maker.publicJwk] }),
  });
  const token = await maker.sign(RESOURCE, { exp: 5, email: "ceo@acme.example" });
  assert.equal((await signIn.identify(token, RESOURCE)).ok, false);
  const text = lines.join("");
  assert.match(text, /"why":"it has expired"/);
  for (const part of [...token.split("."), "ceo@", "u-ann"]) assert.ok(!text.includes(part));
});
