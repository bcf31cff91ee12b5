import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { type TestContext, test } from "node:test";
import { inspect } from "node:util";
import { MultiMailClient } from "./multimail_client.ts";
import { MultiMailError } from "./multimail_error.ts";
import { startFakeServer } from "./testing/fake_server.ts";

const API_KEY = "mm_live_7d1e0c";
const EMAIL = { to: ["b@y.example"], subject: "Hi", markdown: "there" };
const JSON_TYPE = { "content-type": "application/json" };

type Reply = (response: ServerResponse) => void;

function answer(status: number, body: unknown, headers: Record<string, string> = {}): Reply {
  return (response) => response.writeHead(status, { ...JSON_TYPE, ...headers }).end(JSON.stringify(body));
}

/** Sends an email, which has to fail, and checks that no shape of the error shows the key. */
async function failToSend(t: TestContext, baseUrl: string, timeoutMs = 5000): Promise<MultiMailError> {
  const client = new MultiMailClient({ baseUrl, apiKey: API_KEY, timeoutMs });
  t.after(() => client.close());
  const error: unknown = await client.send("01M", EMAIL, { idempotencyKey: "k1" }).catch((error) => error);
  assert(error instanceof MultiMailError, inspect(error));
  const shown = [
    inspect(error, { depth: 9, showHidden: true }),
    inspect(client),
    JSON.stringify(error),
    error.stack,
  ];
  for (const text of shown) assert(!text?.includes(API_KEY), text);
  return error;
}

const HTML = "<html>Access denied</html>";
const OVER_8_MIB = Buffer.alloc(8 * 1024 * 1024 + 1, " ");

const CASES: Readonly<Record<string, readonly [Reply, code: string, outcome: string, status?: number]>> = {
  "400": [answer(400, { error: "ai_disclosure must be true" }), "rejected", "not_accepted", 400],
  "401": [answer(401, { error: "Invalid API key" }), "auth", "not_accepted", 401],
  "402": [answer(402, { error: "Pay" }), "rejected", "not_accepted", 402],
  "403 for a scope": [answer(403, { error: "Requires scope send" }), "forbidden", "not_accepted", 403],
  "403 for the mode": [
    answer(403, { error: "Mailbox is read_only. Ask …" }),
    "read_only",
    "not_accepted",
    403,
  ],
  "403 of a proxy": [
    (r) => r.writeHead(403, { "content-type": "text/html" }).end(HTML),
    "forbidden",
    "not_accepted",
    403,
  ],
  "403 with JSON of another kind": [answer(403, ["no"]), "forbidden", "not_accepted", 403],
  "403 with an error that is no text": [
    answer(403, { error: { read_only: 1 } }),
    "forbidden",
    "not_accepted",
    403,
  ],
  "404": [answer(404, { error: "Mailbox not found" }), "not_found", "not_accepted", 404],
  "408": [answer(408, {}), "unavailable", "not_accepted", 408],
  "409": [answer(409, { error: "Duplicate content" }), "conflict", "not_accepted", 409],
  "413": [answer(413, { error: "Too large" }), "too_large", "not_accepted", 413],
  "422": [answer(422, { error: "Bad address" }), "rejected", "not_accepted", 422],
  "429 of the warm-up": [
    answer(429, {
      error: "Daily quota of warm-up",
      warmup_stage: 2,
      daily_sent: 9,
      daily_limit: 9,
      hint: "wait",
    }),
    "warmup",
    "not_accepted",
    429,
  ],
  "429 of the month": [answer(429, { error: "Monthly quota exceeded" }), "quota", "not_accepted", 429],
  "429 of the rate": [answer(429, { error: "Slow down" }), "rate", "not_accepted", 429],
  "429 without a body": [(r) => r.writeHead(429).end(), "rate", "not_accepted", 429],
  "4xx whose body breaks off": [
    (r) => {
      r.writeHead(404, { "content-length": "100" }).write("{");
      setTimeout(() => r.destroy(), 20);
    },
    "not_found",
    "not_accepted",
    404,
  ],
  "500": [answer(500, { error: "Oops" }), "unavailable", "unknown", 500],
  "502 of a proxy": [(r) => r.writeHead(502).end(HTML), "unavailable", "unknown", 502],
  "503": [answer(503, { error: "Later" }), "unavailable", "unknown", 503],
  "a redirect": [answer(307, {}, { location: "/v1/elsewhere" }), "unknown_outcome", "unknown", 307],
  "a 304": [(r) => r.writeHead(304).end(), "unknown_outcome", "unknown", 304],
  "200 with malformed JSON": [
    (r) => r.writeHead(200, JSON_TYPE).end('{"id": "01'),
    "unknown_outcome",
    "unknown",
    200,
  ],
  "200 with a proxy's page": [(r) => r.writeHead(200).end(HTML), "unknown_outcome", "unknown", 200],
  "200 with an error": [answer(200, { error: "no" }), "unknown_outcome", "unknown", 200],
  "202 without an id": [answer(202, { status: "pending_scan" }), "unknown_outcome", "unknown", 202],
  "202 with an empty id": [
    answer(202, { id: "", status: "pending_scan" }),
    "unknown_outcome",
    "unknown",
    202,
  ],
  "202 with null": [answer(202, null), "unknown_outcome", "unknown", 202],
  "204": [(r) => r.writeHead(204).end(), "unknown_outcome", "unknown", 204],
  "202 whose body breaks off": [
    (r) => {
      r.writeHead(202, { ...JSON_TYPE, "content-length": "100" }).write(
        '{"id":"01E","status":"pending_scan"}',
      );
      setTimeout(() => r.destroy(), 20);
    },
    "unknown_outcome",
    "unknown",
    202,
  ],
  "202 whose chunks break off": [
    (r) => {
      r.writeHead(202, JSON_TYPE).write('{"id":"01E","status":"pending_scan"}');
      setTimeout(() => r.destroy(), 20);
    },
    "unknown_outcome",
    "unknown",
    202,
  ],
  "a body of more than 8 MiB": [
    (r) => r.writeHead(202, JSON_TYPE).end(OVER_8_MIB),
    "too_large",
    "unknown",
    202,
  ],
  "a reset before the answer": [(r) => r.socket?.resetAndDestroy(), "unknown_outcome", "unknown"],
  "an end before the answer": [(r) => r.socket?.end(), "unknown_outcome", "unknown"],
  "an answer that is no HTTP": [
    (r) => r.socket?.end("SSH-2.0-OpenSSH_9.6\r\n"),
    "unknown_outcome",
    "unknown",
  ],
  "a switch of protocols": [
    (r) => r.socket?.end("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n"),
    "unknown_outcome",
    "unknown",
  ],
};

for (const [name, [reply, code, outcome, status]] of Object.entries(CASES)) {
  test(`MultiMailError says ${code}, ${outcome} for ${name}`, async (t) => {
    const server = await startFakeServer(t, reply);
    const error = await failToSend(t, server.baseUrl);
    assert.deepEqual([error.code, error.outcome, error.status], [code, outcome, status], error.message);
    assert.equal(server.requests.length, 1);
  });
}

test("MultiMailError says unknown when no answer comes in time", async (t) => {
  const server = await startFakeServer(t, () => {});
  const error = await failToSend(t, server.baseUrl, 100);
  assert.deepEqual([error.code, error.outcome], ["unknown_outcome", "unknown"]);
  assert.equal(error.message, "Cannot send email: MultiMail did not answer: no answer within 100 ms");
});

test("MultiMailError says unknown when the answer drips for longer than the whole call may take", async (t) => {
  const server = await startFakeServer(t, (response) => {
    response.writeHead(202, JSON_TYPE);
    const drip = setInterval(() => response.write(" "), 20);
    response.on("close", () => clearInterval(drip));
  });
  const error = await failToSend(t, server.baseUrl, 200);
  assert.deepEqual([error.code, error.outcome, error.status], ["unknown_outcome", "unknown", 202]);
});

test("MultiMailError says not_accepted when nobody listens", async (t) => {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  const error = await failToSend(t, `http://127.0.0.1:${port}`);
  assert.deepEqual([error.code, error.outcome, error.status], ["unavailable", "not_accepted", undefined]);
  assert.equal(error.message, "Cannot send email: cannot reach MultiMail: ECONNREFUSED");
});

test("MultiMailError says not_accepted when the name does not resolve", async (t) => {
  const error = await failToSend(t, "http://multimail.invalid");
  assert.deepEqual([error.code, error.outcome], ["unavailable", "not_accepted"]);
});

test("MultiMailError says not_accepted when TLS fails, before the key is shown to anybody", async (t) => {
  const server = await startFakeServer(t, answer(202, {}));
  const error = await failToSend(t, server.baseUrl.replace("http:", "https:"));
  assert.deepEqual([error.code, error.outcome], ["unavailable", "not_accepted"]);
  assert.equal(server.requests.length, 0);
});

test("MultiMailError carries how long to wait, within a day", async (t) => {
  const waits: readonly (readonly [string, (ms: number | undefined) => boolean])[] = [
    ["7", (ms) => ms === 7000],
    ["999999999999", (ms) => ms === 86_400_000],
    [new Date(Date.now() + 60_000).toUTCString(), (ms) => ms !== undefined && ms > 50_000 && ms <= 60_000],
    ["Thu, 01 Jan 1970 00:00:00 GMT", (ms) => ms === 0],
    ["soon", (ms) => ms === undefined],
  ];
  for (const [header, fits] of waits) {
    const server = await startFakeServer(t, answer(429, { error: "Slow down" }, { "retry-after": header }));
    const { retryAfterMs } = await failToSend(t, server.baseUrl);
    assert(fits(retryAfterMs), `${header} → ${retryAfterMs}`);
  }
});

test("MultiMailError bounds and cleans MultiMail's text", async (t) => {
  const server = await startFakeServer(
    t,
    answer(400, { error: `bad\u0000\n\u001b[31m\u202ered${"x".repeat(1000)}` }),
  );
  const error = await failToSend(t, server.baseUrl);
  assert.equal(error.multimailText?.length, 500);
  assert(error.multimailText?.startsWith("bad[31mredx"));
  assert.match(error.message, /^Cannot send email: MultiMail answered 400: bad\[31mredx+$/);
});

test("MultiMailError hides the key when MultiMail or a proxy repeats it", async (t) => {
  const split = `${API_KEY.slice(0, 5)}\u0000${API_KEY.slice(5)}`;
  for (const text of [`Bad key ${API_KEY}`, `Bad key ${split}`, `${"x".repeat(490)}${API_KEY}`]) {
    const server = await startFakeServer(t, answer(401, { error: text }));
    const error = await failToSend(t, server.baseUrl);
    assert(!error.multimailText?.includes(API_KEY.slice(0, 10)), error.multimailText);
  }
  const server = await startFakeServer(t, answer(400, { error: `Bad key ${API_KEY}` }));
  assert.equal((await failToSend(t, server.baseUrl)).multimailText, "Bad key [key]");
});

test("getAttachment() refuses more than 30 MiB", async (t) => {
  const server = await startFakeServer(t, (response) => {
    const chunk = Buffer.alloc(1024 * 1024);
    const fill = () => {
      while (!response.destroyed && response.write(chunk));
    };
    response.writeHead(200, { "content-type": "application/pdf" }).on("drain", fill);
    fill();
  });
  const client = new MultiMailClient({ baseUrl: server.baseUrl, apiKey: API_KEY });
  t.after(() => client.close());
  await assert.rejects(client.getAttachment("01M", "01E", "a.pdf"), { code: "too_large" });
});

test("getAllowlist() refuses a part of the list", async (t) => {
  const server = await startFakeServer(
    t,
    answer(200, { entries: [{ id: "01L", pattern: "*@x.example" }], count: 2 }),
  );
  const client = new MultiMailClient({ baseUrl: server.baseUrl, apiKey: API_KEY });
  t.after(() => client.close());
  await assert.rejects(client.getAllowlist("01M"), {
    message: "Cannot read allowlist: cannot understand the answer: count has the wrong shape",
  });
});

test("MultiMailError holds MultiMail's hint behind its error", async (t) => {
  const body = { error: "Daily warm-up limit reached", daily_limit: 50, hint: "Try again tomorrow" };
  const server = await startFakeServer(t, answer(429, body));
  const { multimailText } = await failToSend(t, server.baseUrl);
  assert.equal(multimailText, "Daily warm-up limit reached. Try again tomorrow");
});
