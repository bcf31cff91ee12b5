import assert from "node:assert/strict";
import { test } from "node:test";
import { parseWebhookEvent } from "./parse_webhook_event.ts";

function parse(value: unknown) {
  return parseWebhookEvent(Buffer.from(JSON.stringify(value)));
}

test("parseWebhookEvent() reads MultiMail's documented body", () => {
  const data = {
    email_id: "01E",
    from: "a@x.example",
    to: ["b@y.example"],
    subject: "Hi",
    direction: "inbound",
    has_attachments: 0,
  };
  assert.deepEqual(parse({ event: "message.received", timestamp: "2026-01-02T03:04:05Z", data }), {
    event: "message.received",
    kind: "message.received",
    timestamp: "2026-01-02T03:04:05.000Z",
    emailId: "01E",
    from: "a@x.example",
    to: ["b@y.example"],
    subject: "Hi",
    direction: "inbound",
    hasAttachments: false,
  });
});

test("parseWebhookEvent() knows the other names of events, and keeps those that it does not know", () => {
  assert.equal(parse({ event: "email.received" }).kind, "message.received");
  assert.deepEqual(parse({ event: "oversight.expired", data: { id: "01E" } }), {
    event: "oversight.expired",
    emailId: "01E",
    to: [],
  });
  assert.equal(parse({ event: "toString" }).kind, undefined);
});

test("parseWebhookEvent() keeps absent what is odd", () => {
  for (const data of [null, 7, [], "x", { email_id: 7, to: [7] }]) {
    assert.deepEqual(parse({ event: "message.sent", timestamp: {}, data }), {
      event: "message.sent",
      kind: "message.sent",
      to: [],
    });
  }
});

test("parseWebhookEvent() refuses what is no event, without quoting it", () => {
  const bodies = ["", "{", "null", "[]", '"message.sent"', "{}", '{"event":7}', '{"event":""}'].concat(
    JSON.stringify({ event: "x".repeat(101) }),
    `{"event":"message.sent"}${" ".repeat(1024 * 1024)}`,
    "[".repeat(500_000),
  );
  for (const body of bodies) {
    assert.throws(() => parseWebhookEvent(Buffer.from(body)), {
      name: "SyntaxError",
      message: /^Cannot read webhook: it is (no JSON with an event|larger than 1 MiB)$/,
    });
  }
});
