import assert from "node:assert/strict";
import { test } from "node:test";
import { type Action, parseReply, parseReport, parseSend } from "./mod.ts";

const EMAIL = { to: ["ann@client.example"], subject: "Hi", body: "Hello" };
const REPORT = {
  report: { period: "2026-W47", metrics: { Signups: 42 } },
  recipients: ["ann@client.example"],
};

function problemsOf(action: Action | readonly Action[]): readonly string[] {
  assert.ok("name" in action && action.name === "invalid", JSON.stringify(action));
  return action.problems.map(({ field, message }) => `${field}: ${message}`);
}

test("parseSend() takes null and empty text for what is optional as left out", () => {
  const blank = {
    cc: "",
    bcc: [""],
    attachments: null,
    send_at: "",
    idempotency_key: "",
    mailbox_id: "",
    markdown: "",
  };
  assert.deepEqual(parseSend({ ...EMAIL, ...blank }), parseSend(EMAIL));
  assert.deepEqual(problemsOf(parseSend({ ...EMAIL, subject: "" })), ["subject: A subject is needed"]);
  assert.equal(problemsOf(parseSend({ ...EMAIL, subject: null })).length, 1);
  assert.deepEqual(problemsOf(parseSend({ ...EMAIL, form: "" })), ["form: Unknown field"]);
});

test("parseSend() and the others take one address for a list of one", () => {
  const one = parseSend({
    ...EMAIL,
    to: "ann@client.example",
    cc: "bob@acme.example",
    bcc: "eve@acme.example",
  });
  const many = parseSend({ ...EMAIL, cc: ["bob@acme.example"], bcc: ["eve@acme.example"] });
  assert.deepEqual(one, many);
  const reply = { message_id: "01K", body: "Hi" };
  assert.deepEqual(
    parseReply({ ...reply, cc: "a@b.example" }),
    parseReply({ ...reply, cc: ["a@b.example"] }),
  );
  assert.deepEqual(parseReport({ ...REPORT, recipients: "ann@client.example" }), parseReport(REPORT));
});

test("parseSend() and the others ask for a list where a text holds one", () => {
  const list = '["ann@client.example", "bob@acme.example"]';
  for (const field of ["to", "cc", "bcc"]) {
    assert.deepEqual(problemsOf(parseSend({ ...EMAIL, [field]: list })), [
      `${field}: Give a list, not a text that holds one`,
    ]);
    assert.match(problemsOf(parseSend({ ...EMAIL, [field]: [list] }))[0] ?? "", /^\w+\.0: Give a list/);
  }
  assert.match(problemsOf(parseSend({ ...EMAIL, attachments: "[]" }))[0] ?? "", /^attachments: Give a list/);
  assert.match(problemsOf(parseReport({ ...REPORT, recipients: list }))[0] ?? "", /^recipients: Give a list/);
  const metrics = '{"Signups": 42}';
  assert.match(
    problemsOf(parseReport({ ...REPORT, report: { period: "w", metrics } }))[0] ?? "",
    /^report.metrics: Give an object/,
  );
});

test("parseSend() and the others refuse half a surrogate pair by the field's name", () => {
  const half = "x\ud83c";
  const file = { name: "a.txt", content_type: "text/plain", content_base64: "SGk=" };
  for (const [field, body] of [
    ["subject", { ...EMAIL, subject: half }],
    ["body", { ...EMAIL, body: half }],
    ["to.0", { ...EMAIL, to: [half] }],
    ["bcc.0", { ...EMAIL, bcc: half }],
    ["idempotency_key", { ...EMAIL, idempotency_key: half }],
    ["attachments.0.name", { ...EMAIL, attachments: [{ ...file, name: half }] }],
    [
      "attachments.0.content_type",
      { ...EMAIL, attachments: [{ ...file, content_type: `text/plain; name=${half}` }] },
    ],
  ] as const) {
    assert.match(
      problemsOf(parseSend(body))[0] ?? "",
      new RegExp(`^${field}: The text holds half a character`),
      field,
    );
  }
  const { report } = REPORT;
  assert.match(
    problemsOf(parseReport({ ...REPORT, report: { ...report, period: half } }))[0] ?? "",
    /^report.period: .*half/,
  );
  assert.equal(
    problemsOf(parseReport({ ...REPORT, report: { ...report, metrics: { [half]: 1 } } })).length,
    1,
  );
  assert.match(problemsOf(parseReport({ ...REPORT, note: half }))[0] ?? "", /^note: .*half/);
});

test("parseReport() refuses figures beyond what a number holds exactly, and shows the others in digits", () => {
  const metricsOf = (figure: number) => ({ ...REPORT, report: { period: "w", metrics: { A: figure } } });
  for (const figure of [2 ** 53, -(2 ** 53), 1e21, 1e300, Number.POSITIVE_INFINITY, Number.NaN]) {
    assert.match(problemsOf(parseReport(metricsOf(figure)))[0] ?? "", /^report.metrics.A: /, `${figure}`);
  }
  for (const [figure, shown] of [
    [2 ** 53 - 1, "9007199254740991"],
    [0.1, "0.1"],
    [1e-7, "0.0000001"],
    [-1.25e-9, "-0.00000000125"],
  ] as const) {
    const actions = parseReport(metricsOf(figure));
    assert.ok(Array.isArray(actions));
    assert.match(actions[0].draft.markdown, new RegExp(`^- A: ${shown}$`, "m"));
  }
});

test("parseSend() refuses idempotency keys that are none", () => {
  for (const key of ["a\nb", "\0", "x".repeat(201), 5, ["a"]]) {
    assert.match(
      problemsOf(parseSend({ ...EMAIL, idempotency_key: key }))[0] ?? "",
      /^idempotency_key/,
      `${key}`,
    );
  }
});

test("parseSend() names twenty unknown fields at most", () => {
  const fields = Object.fromEntries(Array.from({ length: 9_000 }, (_, index) => [`k${index}`, 1]));
  assert.equal(problemsOf(parseSend({ ...EMAIL, ...fields })).length, 20);
});
