import assert from "node:assert/strict";
import { test } from "node:test";
import type { NoticeMessage } from "@countersign/lifecycle";
import { Webhook } from "standardwebhooks";
import { slackPayload } from "./slack_payload.ts";
import { teamsPayload } from "./teams_payload.ts";
import { webhookRequest } from "./webhook_request.ts";

/** Names that no policy can have, to whom it would be markup. */
const HOSTILE = "<!channel> <https://evil.example|x> *b* [x](https://evil.example) <at>all</at> & &lt;";

const MESSAGE: NoticeMessage = {
  ...{ id: "msg_p5jXN8AQM9LWM0D4loKWxJek", team: HOSTILE, about: "waiting", isReceived: false, emails: 1 },
  assistants: [{ assistant: HOSTILE, emails: 1 }],
  ...{ since: 0, at: 1_614_265_330_000, link: "https://console.acme.example/queue?team=a&x=<b>" },
};

/** Every text object or string in a payload, with the kind of the object that it is in. */
function textsIn(value: unknown, kind = ""): readonly (readonly [kind: string, text: string])[] {
  if (typeof value === "string") return [[kind, value]];
  if (typeof value !== "object" || value === null) return [];
  const own = "type" in value && typeof value.type === "string" ? value.type : kind;
  return Object.entries(value).flatMap(([name, inner]) =>
    textsIn(inner, name === "text" && kind === "" ? "fallback" : own),
  );
}

test("slackPayload() lets no name be markup: it stands where there is none, or is escaped", () => {
  const texts = textsIn(slackPayload(MESSAGE));
  const named = texts.filter(([, text]) => text.includes("evil"));
  assert.ok(named.length >= 3);
  for (const [kind, text] of texts) {
    if (kind === "plain_text") continue;
    assert.doesNotMatch(text.replace(/^<https:\/\/console[^<>]*\|Open the queue>$/, ""), /[<>]/, kind);
    assert.doesNotMatch(text, /&(?!(?:amp|lt|gt);)/, kind);
  }
});

test("teamsPayload() lets no name be markup: it stands in runs of text, which have none", () => {
  const named = textsIn(teamsPayload(MESSAGE)).filter(([, text]) => text.includes("evil"));
  assert.ok(named.length >= 2);
  assert.deepEqual(new Set(named.map(([kind]) => kind)), new Set(["TextRun"]));
});

test("webhookRequest() signs as the specification's own libraries do", () => {
  // The vector of the specification's reference implementations.
  const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  assert.equal(
    new Webhook(secret).sign(MESSAGE.id, new Date(MESSAGE.at), '{"test": 2432232314}'),
    "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
  );
  const { body, headers } = webhookRequest(MESSAGE, secret);
  assert.equal(headers["webhook-timestamp"], "1614265330");
  assert.equal(
    headers["webhook-signature"],
    new Webhook(secret).sign(MESSAGE.id, new Date(MESSAGE.at), body),
  );
  const now = webhookRequest({ ...MESSAGE, at: Date.now() }, secret);
  assert.ok(new Webhook(secret).verify(now.body, { ...now.headers }), "a receiver takes it");
});
