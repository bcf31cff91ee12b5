import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  discovery,
} from "openid-client";
import { CLIENT, OTHER_CLIENT, startIssuer } from "../testing/start_issuer.ts";
import { browse, startTestConsole } from "../testing/start_test_console.ts";
import { oidcIdentity } from "./oidc_identity.ts";

const LEAD = { email: "sales-lead@acme.example", email_verified: true };

/** A console whose people sign in with an issuer, and somebody who does. */
async function start(t: TestContext, variables: Readonly<Record<string, string>> = {}) {
  let url = "";
  const issuer = await startIssuer(t, () => [`${url}/sign-in/callback`]);
  const console = await startTestConsole(t, {
    variables: {
      CONSOLE_AUTH: "oidc",
      OIDC_ISSUER: issuer.url,
      OIDC_CLIENT_ID: CLIENT.id,
      OIDC_CLIENT_SECRET: CLIENT.secret,
      ...variables,
    },
  });
  url = console.url;
  /** Begins in a browser: the issuer's address. */
  const begin = async (browser = browse(url), to = "/policies") => {
    const { headers } = await browser.get(`/sign-in/oidc?to=${encodeURIComponent(to)}`);
    return { browser, authorizationUrl: headers.get("location") ?? "" };
  };
  /** The whole way, and what came of it. */
  const signIn = async (claims: Readonly<Record<string, unknown>>, to?: string) => {
    issuer.claims = claims;
    const { browser, authorizationUrl } = await begin(browse(url), to);
    const answer = await browser.get(await issuer.signIn(authorizationUrl));
    return { browser, answer };
  };
  return { console, issuer, begin, signIn };
}

test("somebody signs in with the company account, and is the person whom the policies name", async (t) => {
  const { signIn, begin } = await start(t);
  const { authorizationUrl } = await begin();
  const asked = new URL(authorizationUrl).searchParams;
  assert.equal(asked.get("code_challenge_method"), "S256");
  for (const name of ["state", "nonce", "code_challenge"])
    assert.ok((asked.get(name)?.length ?? 0) >= 43, name);
  // Written in another case than in the policy.
  const { browser, answer } = await signIn({ ...LEAD, email: "Sales-Lead@ACME.Example" }, "/policies/sales");
  assert.deepEqual([answer.status, answer.headers.get("location")], [303, "/policies/sales"]);
  const page = await browser.get("/policies/sales");
  assert.match(page.text, /sales-lead@acme\.example[\s\S]*approver/);
  assert.equal((await browser.get("/policies/finance")).status, 404);
});

test("a group of the sign-in makes an auditor", async (t) => {
  const { signIn } = await start(t);
  const { browser } = await signIn({
    email: "ann@acme.example",
    email_verified: true,
    groups: ["staff", "audit"],
  });
  assert.equal((await browser.get("/trail")).status, 200);
  assert.equal((await browser.get("/mailboxes")).status, 404);
});

test("whom the policies name nowhere is told why they may not sign in", async (t) => {
  const { signIn } = await start(t);
  const { browser, answer } = await signIn({ email: "mallory@acme.example", email_verified: true });
  assert.equal(answer.status, 403);
  assert.match(answer.text, /mallory@acme\.example[\s\S]*name that address nowhere/);
  assert.equal((await browser.get("/policies")).status, 303);
});

test("an address counts if it is verified, or the issuer is trusted for its domain", async (t) => {
  const { signIn } = await start(t, { OIDC_TRUSTED_DOMAINS: "other.example" });
  for (const claims of [
    { email: LEAD.email },
    { email: LEAD.email, email_verified: false },
    { email: LEAD.email, email_verified: "yes" },
    { email_verified: true },
    { email: ["sales-lead@acme.example"], email_verified: true },
    { email: "Lead <sales-lead@acme.example>", email_verified: true },
  ])
    assert.equal((await signIn(claims)).answer.status, 403, JSON.stringify(claims));
  assert.equal((await signIn(LEAD)).answer.status, 303);
});

test("oidcIdentity() takes an address in another case for the same, and one in another Unicode form for nobody's of ours", () => {
  const names = { oidcEmailClaim: "email", oidcGroupsClaim: "groups", oidcTrustedDomains: [] };
  const addressOf = (email: string) => {
    const result = oidcIdentity({ iss: "i", sub: "s", email, email_verified: true }, names);
    return result.ok ? result.identity.address : undefined;
  };
  assert.equal(addressOf("Kim@ACME.Example"), "kim@acme.example");
  // Folding makes ASCII of some; others look like it, or cannot be seen.
  const others = ["\u212aim", "\uff4bim", "k\u0456m", "kim\u0301", "k\u200bim", "kim\u00ad"].map(
    (name) => `${name}@acme.example`,
  );
  const elsewhere = ["\u0430cme.example", "acme.example\u0000"].map((domain) => `kim@${domain}`);
  for (const other of [...others, ...elsewhere])
    assert.notEqual(addressOf(other), "kim@acme.example", JSON.stringify(other));
});

test("another claim than email is trusted by its domain alone", async (t) => {
  const claims = { ...LEAD, email: "x@acme.example", preferred_username: "sales-lead@acme.example" };
  const untrusted = await start(t, { OIDC_EMAIL_CLAIM: "preferred_username" });
  assert.equal((await untrusted.signIn(claims)).answer.status, 403);
  const trusted = await start(t, {
    OIDC_EMAIL_CLAIM: "preferred_username",
    OIDC_TRUSTED_DOMAINS: "acme.example",
  });
  assert.equal((await trusted.signIn(claims)).answer.status, 303);
});

test("the issuer's answer is worth something once, and only in the browser that began", async (t) => {
  const { console, issuer, begin } = await start(t);
  issuer.claims = LEAD;
  const { browser, authorizationUrl } = await begin();
  const back = await issuer.signIn(authorizationUrl);
  assert.equal((await browse(console.url).get(back)).status, 403);
  assert.equal((await browser.get(back)).status, 303);
  assert.equal((await browser.get(back)).status, 403);
  const other = await begin();
  const forged = new URL(await issuer.signIn(other.authorizationUrl));
  forged.searchParams.set("state", "x".repeat(43));
  assert.equal((await other.browser.get(forged.href)).status, 403);
});

test("an ID token for another client signs nobody in", async (t) => {
  const { console, issuer, begin } = await start(t);
  issuer.claims = LEAD;
  const { browser, authorizationUrl } = await begin();
  // The same issuer, person and nonce: only the client is another.
  const nonce = new URL(authorizationUrl).searchParams.get("nonce") ?? "";
  const other = await discovery(new URL(issuer.url), OTHER_CLIENT.id, OTHER_CLIENT.secret, undefined, {
    execute: [allowInsecureRequests],
  });
  const verifier = "v".repeat(43);
  const { calculatePKCECodeChallenge } = await import("openid-client");
  const redirect_uri = `${console.url}/sign-in/callback`;
  const url = buildAuthorizationUrl(other, {
    ...{ redirect_uri, scope: "openid email", nonce, state: "s" },
    ...{ code_challenge: await calculatePKCECodeChallenge(verifier), code_challenge_method: "S256" },
  });
  const tokens = await authorizationCodeGrant(other, new URL(await issuer.signIn(url.href)), {
    ...{ pkceCodeVerifier: verifier, expectedState: "s", expectedNonce: nonce },
  });
  const back = await issuer.signIn(authorizationUrl);
  issuer.idToken = tokens.id_token;
  assert.equal((await browser.get(back)).status, 403);
  assert.equal((await browser.get("/policies")).status, 303);
});

test("after a sign-in nobody is sent anywhere but to the console's own pages", async (t) => {
  const { signIn } = await start(t);
  for (const to of ["https://evil.example/", "//evil.example", "/\\evil.example"])
    assert.equal((await signIn(LEAD, to)).answer.headers.get("location"), "/", to);
});

test("an issuer that cannot be reached is said to be, and asked again next time", async (t) => {
  const { console, begin } = await start(t, { OIDC_ISSUER: "http://127.0.0.1:9" });
  const { status, text } = await console.nobody.get("/sign-in/oidc");
  assert.equal(status, 502);
  assert.match(text, /cannot be reached/);
  assert.equal((await begin()).authorizationUrl, "");
});
