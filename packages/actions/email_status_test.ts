import assert from "node:assert/strict";
import { test } from "node:test";
import { emailStatus } from "./email_status.ts";
import { startFakeGateway } from "./testing/fake_gateway.ts";

test("emailStatus() asks for the receipt, encoded", async (t) => {
  const status = { status: "delivered", receipt: "r/1", delivered_at: "2026-01-02T03:04:05Z" };
  const { baseUrl, requests } = await startFakeGateway(t, [200, status]);
  assert.deepEqual(await emailStatus("csk_1", "r/1", { baseUrl }), status);
  assert.equal(requests[0]?.asked, "GET /v1/receipts/r%2F1");
});

test("emailStatus() says when there is no such receipt", async (t) => {
  const answer = { error: "No such receipt", code: "not_found", reasons: [], request_id: "q1" };
  const { baseUrl } = await startFakeGateway(t, [404, answer]);
  await assert.rejects(emailStatus("csk_1", "r1", { baseUrl }), {
    message: "Status refused: No such receipt",
    code: "not_found",
    status: 404,
    requestId: "q1",
  });
});
