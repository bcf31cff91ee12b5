import assert from "node:assert/strict";
import { test } from "node:test";
import { parseWebhookEvent } from "../webhooks/parse_webhook_event.ts";
import { parseJson } from "./decode_json.ts";

test("parseJson() makes text from outside well-formed", () => {
  const body = (text: string) => Buffer.from(text);
  assert.deepEqual(
    parseJson(body('{"a":"x\\ud83c","b":["\\uDF89"],"\\ud83c":1,"c":"\\ud83c\\udf89","d":"\\\\ud83c"}')),
    {
      a: "x\ufffd",
      b: ["\ufffd"],
      "\ufffd": 1,
      c: "🎉",
      d: "\\ud83c",
    },
  );
  assert.equal(parseJson(body("{")), undefined);
});

test("parseWebhookEvent() makes text from outside well-formed", () => {
  const event = {
    event: "message.received",
    data: { email_id: "01K", subject: "HALF", from: "HALF@x.example" },
  };
  const { subject, from } = parseWebhookEvent(
    Buffer.from(JSON.stringify(event).replaceAll("HALF", "\\ud83c")),
  );
  assert.deepEqual([subject, from], ["\ufffd", "\ufffd@x.example"]);
});
