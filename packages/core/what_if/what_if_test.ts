import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import type { Inspection } from "../decision/mod.ts";
import { formatProblem, loadPolicies, type PolicySet } from "../policy/mod.ts";
import { type PolicyTests, parsePolicyTests } from "./parse_policy_tests.ts";
import { parseScenario } from "./parse_scenario.ts";
import { parseCaller, playScenario } from "./play_scenario.ts";
import { ruleCoverage } from "./rule_coverage.ts";
import { runTestCase } from "./run_test_case.ts";

const OPS = `
team: ops
mailbox: { id: mbx-ops, address: ops@acme.multimail.dev }
oversight: gated_all
approvers: [lead@acme.example]
assistants:
  - { id: writer, actions: [send, report, inbox, read, thread, status, cancel, reply] }
recipients: { internal: [acme.example], external: deny, max_per_email: 2 }
limits: { team: 5/day }
`;

function policies(): PolicySet {
  const file = { name: "ops.yaml", file: "teams/ops.yaml", bytes: new TextEncoder().encode(OPS) };
  const result = loadPolicies([file], {
    sha256: (bytes) => createHash("sha256").update(bytes).digest("hex"),
  });
  assert.ok(result.ok);
  return result.policies;
}

function testsOf(text: string) {
  return parsePolicyTests({
    name: "ops_test.yaml",
    file: "teams/ops_test.yaml",
    bytes: new TextEncoder().encode(text),
  });
}

function parsed(text: string): PolicyTests {
  const result = testsOf(`now: 2026-11-23T10:00:00Z\ntests:\n${text}`);
  if (!result.ok) throw new Error(result.problems.map(formatProblem).join("\n"));
  return result.tests;
}

test("parsePolicyTests() names every problem with its line", () => {
  const result = testsOf(`
now: today
tests:
  - name: a
    as: writer
    sent: { to: a@acme.example }
    expect: { effect: maybe }
`);
  assert.ok(!result.ok);
  const problems = result.problems.map(formatProblem);
  assert.match(problems.join("\n"), /teams\/ops_test\.yaml:2:6: Must be a time in UTC/);
  assert.match(problems.join("\n"), /teams\/ops_test\.yaml:6:5: Unknown key "sent": did you mean "send"\?/);
  assert.match(problems.join("\n"), /teams\/ops_test\.yaml:7:23: Must be "allow" or "deny"/);
});

test("parsePolicyTests() refuses a test that asks for two things, or none", () => {
  for (const asked of ["", "\n    inbox: {}\n    read: {}"]) {
    const result = testsOf(
      `now: 2026-11-23T10:00:00Z\ntests:\n  - name: a\n    as: writer${asked}\n    expect: { effect: deny }\n`,
    );
    assert.ok(!result.ok);
    assert.match(result.problems[0]?.message ?? "", /exactly one thing/);
  }
});

test("runTestCase() says what came out otherwise than expected", async () => {
  const tests = parsed(`
  - name: expects the wrong things
    as: writer
    send: { to: jane@client.example, subject: Hi, body: Hi }
    expect: { effect: allow, held: false, rules: [limits] }
  - name: names an assistant who is not there
    as: stranger
    send: { to: jane@acme.example, subject: Hi, body: Hi }
    expect: { effect: allow }
`);
  const results = await Promise.all(tests.tests.map((one) => runTestCase(policies(), tests, one)));
  assert.deepEqual(
    results.map(({ failures }) => failures),
    [
      [
        "Expected allow, got deny (recipients.external)",
        "Expected it not to be held, it is held",
        "Expected rule limits, got recipients.external",
      ],
      ['Team "ops" has no assistant "stranger"'],
    ],
  );
});

test("ruleCoverage() counts the sides that passing tests have shown, and no others", async () => {
  const tests = parsed(`
  - name: allowed
    as: writer
    send: { to: jane@acme.example, subject: Hi, body: Hi }
    expect: { effect: allow }
  - name: denied
    as: writer
    send: { to: jane@client.example, subject: Hi, body: Hi }
    expect: { effect: deny, rules: [recipients.external] }
  - name: fails, so it shows nothing
    as: writer
    send: { to: jane@acme.example, subject: Hi, body: Hi }
    given: { used: { team: 5 } }
    expect: { effect: allow }
`);
  const set = policies();
  const covered = ruleCoverage(
    set,
    await Promise.all(tests.tests.map((policyTest) => runTestCase(set, tests, policyTest))),
  );
  const sides = Object.fromEntries(covered.map(({ rule, allowed, denied }) => [rule, [allowed, denied]]));
  assert.deepEqual(sides, {
    actions: [true, false],
    "recipients.external": [true, true],
    "recipients.max_per_email": [true, false],
    attachments: [true, false],
    limits: [true, false],
  });
});

test("parseScenario() takes a bare request for what it looks like", () => {
  const send = { to: "a@acme.example", subject: "Hi", body: "Hi" };
  const reply = { message_id: "m1", body: "Hi" };
  const report = { report: { period: "W47", metrics: {} }, recipients: ["a@acme.example"] };
  assert.deepEqual(parseScenario(send), { send });
  assert.deepEqual(parseScenario(reply), { reply });
  assert.deepEqual(parseScenario(report), { report });
  assert.deepEqual(parseScenario({ report }), { report });
  assert.deepEqual(parseScenario({ inbox: {} }), { inbox: {} });
  assert.throws(() => parseScenario([]), /must be a JSON object/);
  assert.throws(() => parseScenario({ send, surprise: 1 }), /surprise/);
});

test("playScenario() judges a report recipient by recipient", async () => {
  const scenario = parseScenario({
    report: { period: "W47", metrics: { sales: 1 } },
    recipients: ["jane@acme.example", "jane@client.example"],
  });
  const played = await playScenario(policies(), parseCaller("ops/writer", ""), scenario, { now: 0 });
  assert.deepEqual(
    played.map(({ decision }) => decision.effect),
    ["allow", "deny"],
  );
});

test("playScenario() makes of a malformed request what a door would: a denied one", async () => {
  const [played] = await playScenario(
    policies(),
    parseCaller("ops/writer", ""),
    { send: { to: 7 } },
    { now: 0 },
  );
  assert.equal(played?.action.name, "invalid");
  assert.equal(played?.decision.effect, "deny");
});

test("playScenario() takes what was read of files ahead of the decision, and nothing for granted", async () => {
  const text = `${OPS}content: { block: [credit_card], unscannable: deny }\nattachments: { allow: [application/pdf] }\n`;
  const file = { name: "ops.yaml", file: "teams/ops.yaml", bytes: new TextEncoder().encode(text) };
  const loaded = loadPolicies([file], { sha256: () => "0" });
  assert.ok(loaded.ok);
  const pdf = { name: "a.pdf", content_type: "application/pdf", content_base64: btoa("%PDF-1.7\n\0") };
  const scenario = parseScenario({ to: "jane@acme.example", subject: "Hi", body: "Hi", attachments: [pdf] });
  const file0 = { declared: "application/pdf", actual: "application/pdf", bytes: 10 };
  const fine = {
    executable: false,
    encrypted: false,
    macros: false,
    active: false,
    unlisted: false,
    mismatch: false,
  };
  const files = [{ ok: true, readable: true, ...file0, ...fine }];
  const hit = { detector: "credit_card", kind: "builtin", part: "attachment", index: 0, line: 1 } as const;
  const denying = async (inspection?: Inspection) => {
    const [played] = await playScenario(loaded.policies, parseCaller("ops/writer", ""), scenario, {
      now: 0,
      ...(inspection && { inspect: async () => inspection }),
    });
    return played?.decision.findings.flatMap(({ rule, effect }) => (effect === "deny" ? [rule] : []));
  };
  assert.deepEqual(await denying({ ok: true, hits: [], files }), []);
  assert.deepEqual(await denying({ ok: true, hits: [hit], files }), ["content.block"]);
  assert.deepEqual(
    await denying({ ok: true, hits: [{ ...hit, kind: "unscannable", detector: "unscannable" }], files }),
    ["content.unscannable"],
  );
  assert.deepEqual(await denying(), ["content.unscannable"]);
  assert.deepEqual(await denying({ ok: false, message: "Not looked through: it took too long" }), [
    "content.block",
    "content.unscannable",
    "attachments",
    "attachments.unsafe",
  ]);
});

const SHOP = `
team: ops
mailbox: { id: mbx-ops, address: ops@acme.multimail.dev }
oversight: monitored
assistants: [{ id: writer }]
recipients: { external: allow }
hours: { timezone: UTC, days: mon-fri, from: "08:00", to: "18:00", outside: schedule }
compose: { subject_prefix: "[Acme] ", footer: Acme SA, bcc: [b@acme.example, a@acme.example] }
`;

test("runTestCase() compares when an email leaves, and what it is then", async () => {
  const file = { name: "ops.yaml", file: "teams/ops.yaml", bytes: new TextEncoder().encode(SHOP) };
  const loaded = loadPolicies([file], { sha256: () => "" });
  assert.ok(loaded.ok);
  const failures = async (send: string, expect: string) => {
    const tests = parsed(
      `  - name: a\n    as: writer\n    ${send}\n    expect: { effect: allow, ${expect} }\n`,
    );
    const [one] = tests.tests;
    return (await runTestCase(loaded.policies, tests, one ?? assert.fail())).failures;
  };
  const email = "to: j@client.example, subject: Hello, body: Hello";
  const now = `send: { ${email} }`;
  const night = `now: 2026-11-23T20:00:00Z\n    ${now}`;
  const later = `send: { ${email}, send_at: 2026-11-24T09:00:00Z }`;
  assert.deepEqual(await failures(night, "send_at: 2026-11-24T08:00:00.000Z"), []);
  assert.deepEqual(await failures(later, "send_at: 2026-11-24T09:00:00Z"), []);
  assert.deepEqual(await failures(night, "send_at: 2026-11-24T07:00:00Z"), [
    "Expected it to leave at 2026-11-24T07:00:00Z, it leaves at 2026-11-24T08:00:00.000Z",
  ]);
  assert.deepEqual(await failures(now, "send_at: 2026-11-24T08:00:00Z"), [
    "Expected it to leave at 2026-11-24T08:00:00Z, it leaves at once",
  ]);
  const bcc = "bcc: [a@acme.example, b@acme.example]";
  assert.deepEqual(
    await failures(now, `email: { subject: "[Acme] Hello", body: "Hello\\n\\nAcme SA\\n", ${bcc}, cc: [] }`),
    [],
  );
  assert.deepEqual(
    await failures(now, "email: { subject: Hello, body: Hello, cc: x@acme.example, bcc: [] }"),
    [
      'Expected the subject "Hello", got "[Acme] Hello"',
      'Expected the body "Hello", got "Hello\\n\\nAcme SA"',
      'Expected the cc "x@acme.example", got ""',
      'Expected the bcc "", got "a@acme.example, b@acme.example"',
    ],
  );
  assert.deepEqual(await failures("inbox: {}", "email: { subject: Hello }"), [
    'Expected an email, "inbox" is none',
  ]);
  // A comma ends a text in { }.
  assert.deepEqual(await failures("send: { to: j@client.example, subject: Hello, body: Hello, all }", ""), [
    "Expected allow, got deny (request: all: Unknown field)",
  ]);
});
