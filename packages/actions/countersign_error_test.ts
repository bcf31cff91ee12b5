import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { type TestContext, test } from "node:test";
import { inspect } from "node:util";
import { CountersignError } from "./countersign_error.ts";
import type { EmailOptions } from "./email_options.ts";
import { sendEmail } from "./send_email.ts";
import { startFakeGateway } from "./testing/fake_gateway.ts";

const API_KEY = "csk_b7e2aa";
const DOUBT = 'it is not known whether it was taken: ask again with the same idempotency key, "k1"';

/** Sends an email, which has to fail, and checks that no shape of the error shows the key. */
async function failToSend(
  t: TestContext,
  reply: ((response: ServerResponse) => void) | readonly [number, unknown],
  options: EmailOptions = {},
): Promise<CountersignError> {
  const { baseUrl, requests } = await startFakeGateway(t, reply);
  const error: unknown = await sendEmail(API_KEY, "01M", "b@y.example", "Hi", "there", {
    baseUrl,
    idempotencyKey: "k1",
    ...options,
  }).catch((error) => error);
  assert(error instanceof CountersignError, inspect(error));
  for (const text of [
    inspect(error, { depth: 9, showHidden: true }),
    JSON.stringify(error),
    `${error.stack}`,
  ]) {
    assert(!text.includes(API_KEY), text);
  }
  assert(requests.length <= 1);
  return error;
}

test("CountersignError tells a person why an email was refused, and a program everything else", async (t) => {
  const reasons = [
    { rule: "recipients.external", message: "b@y.example is outside", where: "finance.yaml:12" },
    { rule: "content.iban", message: "the body holds an IBAN" },
  ];
  const error = await failToSend(t, [
    403,
    { error: "Denied", code: "policy_denied", reasons, receipt: "r1", request_id: "q1" },
  ]);
  assert.equal(error.message, "Email refused: b@y.example is outside; the body holds an IBAN; receipt r1");
  const { status, code, receipt, requestId } = error;
  assert.deepEqual(
    { status, code, receipt, requestId },
    { status: 403, code: "policy_denied", receipt: "r1", requestId: "q1" },
  );
  assert.deepEqual(error.reasons, reasons);
});

test("CountersignError takes the error's text where there are no reasons", async (t) => {
  assert.equal(
    (await failToSend(t, [401, { error: "Unknown key", code: "unknown_key" }])).message,
    "Email refused: Unknown key",
  );
  const error = await failToSend(t, [
    503,
    { error: "The trail is full", code: "trail_unavailable", reasons: null },
  ]);
  assert.equal(error.message, "Cannot send email: The trail is full");
  assert.deepEqual(error.reasons, []);
});

test("CountersignError bears whatever answers in Countersign's place", async (t) => {
  const odd: readonly unknown[] = [
    null,
    [],
    "no",
    7,
    { code: 7 },
    { code: "x", reasons: "y", receipt: {}, error: [] },
    { code: "x", reasons: [null, 7, { message: 8 }, { rule: "r" }] },
  ];
  for (const body of odd) {
    const error = await failToSend(t, [400, body]);
    assert.match(error.message, /^Email refused: (something answered 400|x)$/);
    assert.deepEqual([error.status, error.receipt, error.reasons], [400, undefined, []]);
  }
  const html = await failToSend(t, (response) => response.writeHead(403).end("<html>No</html>"));
  assert.deepEqual([html.code, html.message], ["unexpected_answer", "Email refused: something answered 403"]);
});

test("CountersignError bounds what it is told", async (t) => {
  const reasons = Array(50).fill({ rule: "r", message: `a\n\u0000${"x".repeat(1000)}` });
  const error = await failToSend(t, [403, { error: "e", code: "policy_denied", reasons }]);
  assert.equal(error.reasons.length, 20);
  assert.equal(error.reasons[0]?.message.length, 500);
  assert(!error.message.includes("\n"));
});

test("CountersignError hides the key when it is repeated", async (t) => {
  const error = await failToSend(t, [
    401,
    { error: `Unknown key ${API_KEY}`, code: "unknown_key", receipt: API_KEY, request_id: API_KEY },
  ]);
  assert.equal(error.message, "Email refused: Unknown key [key]; receipt [key]");
});

const UNKNOWN: Readonly<Record<string, readonly [(response: ServerResponse) => void, why: string]>> = {
  "a reset": [(r) => r.socket?.resetAndDestroy(), "the connection to Countersign failed"],
  "an answer that breaks off": [
    (r) => {
      r.writeHead(202, { "content-length": "100" }).write('{"status":"pending"');
      setTimeout(() => r.destroy(), 20);
    },
    "the connection to Countersign failed",
  ],
  "an answer that is too large": [
    (r) => r.end(Buffer.alloc(8 * 1024 * 1024 + 1, " ")),
    "the connection to Countersign failed",
  ],
  "malformed JSON": [(r) => r.writeHead(202).end("{"), "Countersign's answer cannot be understood"],
  "JSON of another kind": [(r) => r.writeHead(202).end("[]"), "Countersign's answer cannot be understood"],
  "a proxy's page": [(r) => r.writeHead(200).end("<html>"), "Countersign's answer cannot be understood"],
  "a proxy's 502": [(r) => r.writeHead(502).end("<html>"), "something answered 502"],
  "a redirect": [(r) => r.writeHead(307, { location: "/v1/elsewhere" }).end(), "something answered 307"],
};

for (const [name, [reply, why]] of Object.entries(UNKNOWN)) {
  test(`CountersignError says that nobody knows after ${name}`, async (t) => {
    const error = await failToSend(t, reply);
    assert.equal(error.message, `Cannot send email: ${why}; ${DOUBT}`);
    assert.equal(error.code, "unknown_outcome");
  });
}

test("CountersignError says that nobody knows when no answer comes in time", async (t) => {
  const error = await failToSend(t, () => {}, { timeoutMs: 100 });
  assert.equal(error.message, `Cannot send email: Countersign did not answer within 100 ms; ${DOUBT}`);
});

test("CountersignError says that nobody knows when the caller gives up", async (t) => {
  const caller = new AbortController();
  const error = await failToSend(t, () => caller.abort(new Error(API_KEY)), { signal: caller.signal });
  assert.equal(error.message, `Cannot send email: the caller gave up; ${DOUBT}`);
});

test("CountersignError does not promise what only an idempotency key gives", async (t) => {
  const { baseUrl } = await startFakeGateway(t, (response) => response.socket?.resetAndDestroy());
  await assert.rejects(sendEmail(API_KEY, "01M", "b@y.example", "Hi", "there", { baseUrl }), {
    message:
      "Cannot send email: the connection to Countersign failed; it is not known whether it was taken: without an idempotency key, look for it before you send it again",
  });
});

test("sendEmail() refuses a key that fetch would quote", async (t) => {
  const { baseUrl, requests } = await startFakeGateway(t, [202, {}]);
  for (const key of ["", "csk_1\r\nx: y", "csk_1ü", "csk_1 "]) {
    await assert.rejects(sendEmail(key, "01M", "b@y.example", "Hi", "there", { baseUrl }), (error: Error) => {
      assert(error instanceof TypeError && !inspect(error).includes("csk_1"));
      return true;
    });
  }
  assert.equal(requests.length, 0);
});
