import assert from "node:assert/strict";
import { test } from "node:test";
import { generateAndSendReport } from "./generate_and_send_report.ts";
import { startFakeGateway } from "./testing/fake_gateway.ts";

const DATA = { metrics: { revenue: 12, churn: 0.5 }, period: "2026-W07" };
const RECIPIENTS = ["b@y.example", "c@z.example"];
const RESULTS = [
  { status: "pending", id: "01E", receipt: "r1", recipient: "b@y.example" },
  {
    recipient: "c@z.example",
    error: "Email refused",
    code: "policy_denied",
    reasons: [{ rule: "recipients.external", message: "c@z.example is not allowed" }],
    receipt: "r2",
  },
];

test("generateAndSendReport() gives a result for every recipient, refused ones too", async (t) => {
  const { baseUrl, requests } = await startFakeGateway(t, [200, { results: RESULTS }]);
  const results = await generateAndSendReport("csk_1", "01M", DATA, RECIPIENTS, { baseUrl });
  assert.deepEqual(results, RESULTS);
  assert.deepEqual(
    results.map((result) => ("error" in result ? result.code : result.status)),
    ["pending", "policy_denied"],
  );
  assert.deepEqual(requests, [
    {
      asked: "POST /v1/report",
      authorization: "Bearer csk_1",
      body: { mailbox_id: "01M", report: DATA, recipients: RECIPIENTS },
    },
  ]);
});

test("generateAndSendReport() passes on every option", async (t) => {
  const { baseUrl, requests } = await startFakeGateway(t, [200, { results: [] }]);
  const options = { baseUrl, subject: "Week 7", note: "All well", idempotencyKey: "w7" };
  await generateAndSendReport("csk_1", "01M", DATA, RECIPIENTS, options);
  assert.deepEqual(requests[0]?.body, {
    mailbox_id: "01M",
    report: DATA,
    recipients: RECIPIENTS,
    subject: "Week 7",
    note: "All well",
    idempotency_key: "w7",
  });
});

test("generateAndSendReport() sends no figure that a number cannot hold", async (t) => {
  const { baseUrl, requests } = await startFakeGateway(t, [200, { results: [] }]);
  // biome-ignore lint/correctness/noPrecisionLoss: that is what happens to a builder
  const lost = 12345678901234567890;
  for (const figure of [lost, -(2 ** 53), 1e300, Number.NaN, Number.POSITIVE_INFINITY, 5n, "5", null]) {
    const metrics = { fine: 1, revenue: figure as number };
    await assert.rejects(
      generateAndSendReport("csk_1", "01M", { period: "w", metrics }, RECIPIENTS, { baseUrl }),
      /^TypeError: Cannot send report: the figure "revenue" must/,
      `${figure}`,
    );
  }
  assert.equal(requests.length, 0);
  const metrics = { most: 2 ** 53 - 1, small: 1e-9 };
  await generateAndSendReport("csk_1", "01M", { period: "w", metrics }, RECIPIENTS, { baseUrl });
  assert.equal(requests.length, 1);
});
