import assert from "node:assert/strict";
import { test } from "node:test";
import { replyToEmail } from "./reply_to_email.ts";
import { startFakeGateway } from "./testing/fake_gateway.ts";

test("replyToEmail() asks as the seed does, and passes on every option", async (t) => {
  const sent = { status: "unconfirmed", receipt: "r1" };
  const { baseUrl, requests } = await startFakeGateway(t, [202, sent]);
  assert.deepEqual(await replyToEmail("csk_1", "01E", "Yes", { baseUrl }), sent);
  await replyToEmail("csk_1", "01E", "Yes", { baseUrl, cc: ["c@y.example"], bcc: [], idempotencyKey: "k1" });
  assert.deepEqual(
    requests.map(({ asked, body }) => [asked, body]),
    [
      ["POST /v1/reply", { message_id: "01E", body: "Yes" }],
      [
        "POST /v1/reply",
        { message_id: "01E", body: "Yes", cc: ["c@y.example"], bcc: [], idempotency_key: "k1" },
      ],
    ],
  );
});
