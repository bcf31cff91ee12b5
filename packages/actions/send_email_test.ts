import assert from "node:assert/strict";
import { test } from "node:test";
import { sendEmail } from "./send_email.ts";
import { startFakeGateway } from "./testing/fake_gateway.ts";

const API_KEY = "csk_0d1c";
const SENT = { status: "pending", id: "01E", receipt: "r1" };

test("sendEmail() asks as the seed does", async (t) => {
  const { baseUrl, requests } = await startFakeGateway(t, [202, SENT]);
  assert.deepEqual(await sendEmail(API_KEY, "01M", "b@y.example", "Hi", "*there*", { baseUrl }), SENT);
  assert.deepEqual(requests, [
    {
      asked: "POST /v1/send",
      authorization: `Bearer ${API_KEY}`,
      body: { mailbox_id: "01M", to: "b@y.example", subject: "Hi", body: "*there*" },
    },
  ]);
});

test("sendEmail() passes on every option", async (t) => {
  const { baseUrl, requests } = await startFakeGateway(t, [202, SENT]);
  await sendEmail(API_KEY, "01M", ["b@y.example", "c@y.example"], "Hi", "there", {
    baseUrl,
    cc: ["d@y.example"],
    bcc: ["e@y.example"],
    attachments: [
      { name: "a.csv", contentType: "text/csv", content: new TextEncoder().encode("a,b\n") },
      { name: "b.csv", contentType: "text/csv", content: "Yyxk" },
    ],
    sendAt: new Date("2026-12-31T09:00:00Z"),
    idempotencyKey: "invoice-7",
    revises: "rcp_1",
  });
  assert.deepEqual(requests[0]?.body, {
    mailbox_id: "01M",
    to: ["b@y.example", "c@y.example"],
    cc: ["d@y.example"],
    bcc: ["e@y.example"],
    subject: "Hi",
    body: "there",
    attachments: [
      { name: "a.csv", content_type: "text/csv", content_base64: "YSxiCg==" },
      { name: "b.csv", content_type: "text/csv", content_base64: "Yyxk" },
    ],
    send_at: "2026-12-31T09:00:00.000Z",
    idempotency_key: "invoice-7",
    revises: "rcp_1",
  });
});

test("sendEmail() sends a file of a megabyte byte by byte", async (t) => {
  const { baseUrl, requests } = await startFakeGateway(t, [202, SENT]);
  const content = Uint8Array.from({ length: 1_000_001 }, (_, at) => (at * 31) % 256);
  const attachments = [{ name: "a.pdf", contentType: "application/pdf", content }];
  await sendEmail(API_KEY, "01M", "b@y.example", "Hi", "there", { baseUrl, attachments });
  const asked = requests[0]?.body as { attachments: [{ content_base64: string }] } | undefined;
  const sent = Buffer.from(asked?.attachments[0].content_base64 ?? "", "base64");
  assert.ok(sent.equals(content));
});

test("sendEmail() finds the gateway through COUNTERSIGN_URL, with or without /v1", async (t) => {
  const { baseUrl, requests } = await startFakeGateway(t, [202, SENT]);
  t.after(() => delete process.env.COUNTERSIGN_URL);
  for (const end of ["", "/", "/v1", "/v1/"]) {
    process.env.COUNTERSIGN_URL = baseUrl + end;
    await sendEmail(API_KEY, "01M", "b@y.example", "Hi", "there");
  }
  assert.deepEqual(
    requests.map(({ asked }) => asked),
    Array(4).fill("POST /v1/send"),
  );
});

test("sendEmail() names the variable when nothing says where the gateway is", async (t) => {
  t.after(() => delete process.env.COUNTERSIGN_URL);
  for (const url of ["", "localhost:8787", "ftp://x.example", "https://me:secret@x.example"]) {
    process.env.COUNTERSIGN_URL = url;
    await assert.rejects(sendEmail(API_KEY, "01M", "b@y.example", "Hi", "there"), {
      name: "TypeError",
      message: /^Cannot find Countersign: .*COUNTERSIGN_URL(?!.*secret)/,
    });
  }
  delete process.env.COUNTERSIGN_URL;
  await assert.rejects(sendEmail(API_KEY, "01M", "b@y.example", "Hi", "there"), /COUNTERSIGN_URL/);
});
