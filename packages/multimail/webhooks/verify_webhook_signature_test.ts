import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { verifyWebhookSignature } from "./verify_webhook_signature.ts";

const BODY = Buffer.from('{"event":"message.sent"}');
const SECRET = "whsec_c2VjcmV0";

function sign(key: string, body: Uint8Array = BODY): string {
  return `sha256=${createHmac("sha256", key).update(body).digest("hex")}`;
}

test("verifyWebhookSignature() takes both readings of the secret", () => {
  for (const key of [SECRET, "c2VjcmV0"]) {
    assert.equal(verifyWebhookSignature({ secret: SECRET, signature: sign(key), body: BODY }), true);
    const upper = `sha256=${sign(key).slice(7).toUpperCase()}`;
    assert.equal(verifyWebhookSignature({ secret: SECRET, signature: upper, body: BODY }), true);
  }
});

test("verifyWebhookSignature() agrees with RFC 4231, test case 2", () => {
  const signature = "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
  const body = Buffer.from("what do ya want for nothing?");
  assert.equal(verifyWebhookSignature({ secret: "Jefe", signature, body }), true);
});

test("verifyWebhookSignature() refuses what MultiMail did not sign", () => {
  const good = sign(SECRET);
  const forged: Readonly<Record<string, string | undefined>> = {
    absent: undefined,
    empty: "",
    "another secret": sign("whsec_other"),
    "another body": sign(SECRET, Buffer.from('{"event":"message.sent" }')),
    "without the algorithm": good.slice(7),
    "another algorithm": good.replace("sha256", "sha1"),
    short: good.slice(0, -2),
    long: `${good}00`,
    "no hex": `sha256=${"z".repeat(64)}`,
    "two of them": `${good}, ${good}`,
    "a line more": `${good}\n`,
    prefix: " ".concat(good),
  };
  for (const [name, signature] of Object.entries(forged)) {
    assert.equal(verifyWebhookSignature({ secret: SECRET, signature, body: BODY }), false, name);
  }
});

test("verifyWebhookSignature() refuses everything without a secret, which anybody could sign with", () => {
  for (const secret of ["", "whsec_"]) {
    for (const key of ["", "whsec_"]) {
      assert.equal(verifyWebhookSignature({ secret, signature: sign(key), body: BODY }), false);
    }
  }
});
