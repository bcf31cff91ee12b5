import assert from "node:assert/strict";
import { test } from "node:test";
import { type PersonSettings, personOf } from "./person_of.ts";

const SETTINGS: PersonSettings = {
  oauthIssuer: "https://login.acme.example",
  oauthEmailClaim: "email",
  oauthTrustedDomains: [],
};
const TRUSTING: PersonSettings = {
  ...SETTINGS,
  oauthTrustedDomains: ["acme.example", "xn--bcher-kva.example"],
};

/** The key of the address that is trusted, if one is. */
function addressIn(claims: Readonly<Record<string, unknown>>, settings: PersonSettings = SETTINGS) {
  return personOf({ iss: "https://login.acme.example", sub: "u", ...claims }, settings).address?.key;
}

test("personOf() trusts an address that the issuer has verified, of any domain", () => {
  for (const verified of [true, "true"]) {
    assert.equal(addressIn({ email: "Ann@Else.example", email_verified: verified }), "ann@else.example");
  }
  for (const verified of [undefined, false, "false", 1, "yes", null, {}]) {
    assert.equal(addressIn({ email: "ann@else.example", email_verified: verified }), undefined);
  }
});

test("personOf() trusts the issuer's word for its own domains only", () => {
  assert.equal(addressIn({ email: "ann@acme.example" }, TRUSTING), "ann@acme.example");
  assert.equal(addressIn({ email: "ANN@ACME.EXAMPLE" }, TRUSTING), "ann@acme.example");
  assert.equal(addressIn({ email: "ann@bücher.example" }, TRUSTING), "ann@xn--bcher-kva.example");
  for (const email of ["ann@sub.acme.example", "ann@acme.example.evil.example", "ann@evil-acme.example"]) {
    assert.equal(addressIn({ email }, TRUSTING), undefined, email);
  }
});

test("personOf() does not trust what the issuer says that it has not verified", () => {
  for (const verified of [false, "false", null, 0]) {
    assert.equal(addressIn({ email: "ceo@acme.example", email_verified: verified }, TRUSTING), undefined);
  }
});

test("personOf() does not take the word for one claim for another", () => {
  const upn = { ...SETTINGS, oauthEmailClaim: "upn" };
  const claims = { upn: "ceo@acme.example", email: "ann@else.example", email_verified: true };
  assert.equal(addressIn(claims, upn), undefined);
  assert.equal(addressIn(claims, { ...upn, oauthTrustedDomains: ["acme.example"] }), "ceo@acme.example");
  const own = { ...SETTINGS, oauthEmailClaim: "https://acme.example/email" };
  const named = { "https://acme.example/email": "ann@acme.example" };
  assert.equal(addressIn({ ...named, email_verified: true }, own), undefined);
  assert.equal(addressIn({ ...named, "https://acme.example/email_verified": true }, own), "ann@acme.example");
});

test("personOf() does not trust an issuer's word for its guests", () => {
  const tid = "8f14e45f-ceea-467a-9575-1a2b3c4d5e6f";
  const guest = { email: "ceo@acme.example", tid };
  for (const told of [
    { acct: 1 },
    { acct: "1" },
    { idp: "live.com" },
    { xms_edov: false },
    { xms_edov: 0 },
  ]) {
    assert.equal(addressIn({ ...guest, ...told }, TRUSTING), undefined, JSON.stringify(told));
  }
  for (const told of [
    { acct: 0 },
    { idp: "https://login.acme.example" },
    { xms_edov: true },
    { xms_edov: "1" },
  ]) {
    assert.equal(addressIn({ ...guest, ...told }, TRUSTING), "ceo@acme.example", JSON.stringify(told));
  }
});

test("personOf() takes an address and nothing else", () => {
  for (const email of [
    "Ann <ann@acme.example>",
    "<ann@acme.example>",
    '"ann"@acme.example',
    "ann@acme.example,ceo@acme.example",
    "ann@acme.example ",
    "ann@acme.example\n",
    "ann(ceo)@acme.example",
    "ann@@acme.example",
    "ceo@acme.example@else.example",
    "ann",
    "",
    ["ann@acme.example"],
    { address: "ann@acme.example" },
    5,
    null,
    undefined,
  ]) {
    assert.equal(addressIn({ email, email_verified: true }), undefined, JSON.stringify(email));
  }
});

test("personOf() makes no address of one that only looks like it", () => {
  const wanted = "ceo@acme.example";
  for (const email of [
    "ceo@\u0430cme.example", // a Cyrillic a
    "c\u0435o@acme.example", // a Cyrillic e
    "\uff43eo@acme.example", // full-width
    "ceo@acme\u3002example", // an ideographic full stop
    "ceo@acme.example\u200b",
    "ce\u00ado@acme.example",
    "ceo\u0301@acme.example",
  ]) {
    for (const settings of [SETTINGS, TRUSTING]) {
      const key = addressIn({ email, email_verified: true }, settings);
      assert.ok(key === undefined || key === wanted, `${JSON.stringify(email)}: ${key}`);
      // Only the domain may be written in several forms, and those are one domain.
      if (key === wanted) assert.equal(email.normalize("NFKC").replace("\u3002", "."), wanted);
    }
  }
});

test("personOf() lists groups that are texts, where a claim for them is named", () => {
  const groupsOf = (
    groups: unknown,
    settings: PersonSettings = { ...SETTINGS, oauthGroupsClaim: "groups" },
  ) => personOf({ iss: "i", sub: "u", groups }, settings).claims;
  assert.deepEqual(groupsOf(["sales", "all staff", 5, null, ["x"], { a: 1 }]), ["sales", "all staff"]);
  assert.deepEqual(groupsOf("sales"), ["sales"]);
  for (const none of [undefined, null, 5, {}, []]) assert.deepEqual(groupsOf(none), []);
  assert.deepEqual(groupsOf(["sales"], SETTINGS), []);
  assert.deepEqual(groupsOf(undefined, { ...SETTINGS, oauthGroupsClaim: "constructor" }), []);
  assert.equal(groupsOf(Array.from({ length: 5_000 }, (_, i) => `g${i}`)).length, 1_000);
});
