import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parse } from "yaml";
import { parseReply, parseSend } from "../action/mod.ts";
import { parseAddress } from "../address/mod.ts";
import { formatProblem, loadPolicies, type PolicySet } from "../policy/mod.ts";
import { parsePolicyTests, runTestCase } from "../what_if/mod.ts";
import type { Context } from "./context.ts";
import { decide } from "./decide.ts";
import { countsNobody } from "./rules/limits.ts";

const FOLDER = join(import.meta.dirname, "../testdata/decisions");

function policiesOf(files: Readonly<Record<string, string | undefined>>): PolicySet {
  const result = loadPolicies(
    Object.entries(files).flatMap(([name, text]) =>
      text === undefined ? [] : [{ name, file: `teams/${name}`, bytes: new TextEncoder().encode(text) }],
    ),
    { sha256: (bytes) => createHash("sha256").update(bytes).digest("hex") },
  );
  if (!result.ok) throw new Error(result.problems.map(formatProblem).join("\n"));
  return result.policies;
}

for (const name of readdirSync(FOLDER)) {
  test(`decide() decides as testdata/decisions/${name} says`, async (t) => {
    const { policy, organisation, now, tests } = parse(readFileSync(join(FOLDER, name), "utf8"));
    const policies = policiesOf({ "ops.yaml": policy, "_organisation.yaml": organisation });
    const text = JSON.stringify({ now, tests });
    const parsed = parsePolicyTests({
      name: "ops_test.yaml",
      file: name,
      bytes: new TextEncoder().encode(text),
    });
    assert.ok(parsed.ok, parsed.ok ? "" : parsed.problems.map(formatProblem).join("\n"));
    for (const policyTest of parsed.tests.tests) {
      await t.test(policyTest.name, async () => {
        assert.deepEqual((await runTestCase(policies, parsed.tests, policyTest)).failures, []);
      });
    }
  });
}

const OPS = `
team: ops
mailbox: { id: mbx-ops, address: ops@acme.multimail.dev }
oversight: monitored
assistants: [{ id: writer }]
recipients: { internal: [acme.example], external: deny }
`;

test("decide() denies for an unknown team", () => {
  const action = parseSend({ to: "a@acme.example", subject: "Hello", body: "Hello" });
  const decision = decide(policiesOf({ "ops.yaml": OPS }), action, {
    now: 0,
    team: "nobody",
    assistant: "writer",
  });
  assert.equal(decision.effect, "deny");
  assert.deepEqual(
    decision.findings.map(({ rule }) => rule),
    ["caller"],
  );
});

test("decide() denies by name when a rule throws, and does not throw itself", () => {
  const hostile = {
    get action(): never {
      throw new Error("secret text of the draft");
    },
  };
  const action = { ...parseSend({ to: "a@acme.example", subject: "Hello", body: "Hello" }) };
  Object.defineProperty(action, "mailboxId", { get: () => hostile.action, enumerable: true });
  const decision = decide(policiesOf({ "ops.yaml": OPS }), action, {
    now: 0,
    team: "ops",
    assistant: "writer",
  });
  assert.equal(decision.effect, "deny");
  assert.ok(decision.findings.some(({ rule, effect }) => rule === "mailbox" && effect === "deny"));
  assert.ok(!JSON.stringify(decision.findings).includes("secret text"));
});

test("decide() names the file and line that decided", () => {
  const action = parseSend({ to: "a@client.example", subject: "Hello", body: "Hello" });
  const { findings } = decide(policiesOf({ "ops.yaml": OPS }), action, {
    now: 0,
    team: "ops",
    assistant: "writer",
  });
  const external = findings.find(({ rule }) => rule === "recipients.external");
  assert.deepEqual(external?.where, { file: "teams/ops.yaml", line: 6, column: 51 });
  assert.deepEqual(external?.about, [0]);
});

test("decide() names both places of a group: where it is used, and where it is defined", () => {
  const organisation =
    'groups:\n  partners: [group:rivals]\n  rivals: [x@a.example,\n    "*@rival.example"]\n';
  const team = `${OPS.replace("external: deny", "external: allow, allow: [group:partners], deny: [group:rivals]")}`;
  const policies = policiesOf({ "ops.yaml": team, "_organisation.yaml": organisation });
  const ask = (to: string) =>
    decide(policies, parseSend({ to, subject: "Hello", body: "Hello" }), {
      ...{ now: 0, team: "ops", assistant: "writer" },
    }).findings.map(({ rule, where, detail }) => [rule, where?.line, where?.column, detail]);
  assert.deepEqual(
    ask("a@rival.example").find(([rule]) => rule === "recipients.deny"),
    [...["recipients.deny", 6, 90, "group:rivals is at teams/_organisation.yaml:4:5"]],
  );
  assert.deepEqual(
    ask("a@client.example").find(([rule]) => rule === "recipients.allow"),
    [...["recipients.allow", 6, 65, "group:partners is at teams/_organisation.yaml:3:12"]],
  );
});

const SIGNED_IN = `${OPS.replace(
  "[{ id: writer }]",
  '[{ id: writer, users: { sign_in: required, allow: ["*@acme.example"], claims: [sales], shared: [bot@acme.example] } }]',
)}limits: { per_user: 1/day }
`;

function askedBy(address: string | undefined, more: Partial<Context> = {}): Partial<Context> {
  const parsed = address === undefined ? undefined : parseAddress(address);
  const person = { issuer: "https://login.example", subject: "u1", claims: [] };
  return { person: { ...person, ...(parsed?.ok && { address: parsed.address }) }, ...more };
}

test("decide() tells people who may not use the assistant which line says so, and nothing else", () => {
  const policies = policiesOf({ "ops.yaml": SIGNED_IN });
  const reply = parseReply({ message_id: "m1", body: "Hello", cc: ["x@rival.example"] });
  const participants = [{ text: "jane@client.example", parsed: parseAddress("jane@client.example") }];
  const original = { ok: true, participants, status: "read", subject: "Hello" } as const;
  for (const [context, column, words] of [
    [{}, 46, /nobody signed in/],
    [askedBy("jane@client.example"), 63, /not among the people/],
    [askedBy("bot@acme.example"), 109, /stands for nobody/],
    [askedBy(undefined), 108, /does not say for certain/],
    [askedBy("jane@acme.example", { isProven: false }), 35, /own key must come/],
  ] as const) {
    const asked = { now: 0, team: "ops", assistant: "writer", original, ...context };
    const { effect, held, findings, recipients } = decide(policies, reply, asked);
    assert.deepEqual([effect, held], ["deny", false]);
    assert.deepEqual(
      findings.map(({ rule, where }) => [rule, where?.line, where?.column]),
      [["users", 5, column]],
    );
    assert.match(findings[0]?.message ?? "", words);
    assert.deepEqual(
      recipients.map(({ text }) => text),
      ["x@rival.example"],
    );
  }
  const known = { now: 0, team: "ops", assistant: "writer", original, ...askedBy("jane@acme.example") };
  const { findings, recipients } = decide(policies, reply, known);
  assert.ok(findings.length > 1 && findings.every(({ rule }) => rule !== "users"));
  assert.equal(recipients.length, 2);
});

test("decide() names the line of a limit by person that counts nobody", () => {
  const policies = policiesOf({ "ops.yaml": OPS.replace("deny }", "allow }\nlimits: { per_user: 1/day }") });
  const action = parseSend({ to: "a@client.example", subject: "Hello", body: "Hello" });
  const found = (context: Partial<Context>) =>
    decide(policies, action, { now: 0, team: "ops", assistant: "writer", ...context }).findings.filter(
      ({ rule }) => rule === "limits",
    );
  const [finding] = found({});
  assert.deepEqual(finding?.where, { file: "teams/ops.yaml", line: 7, column: 21 });
  assert.ok(finding !== undefined && countsNobody(finding));
  assert.deepEqual(found(askedBy("a@acme.example")), []);
  const usage = [{ limit: "per_user", windowMs: 86_400_000, used: 1 }] as const;
  const [full] = found(askedBy("a@acme.example", { usage }));
  assert.ok(full !== undefined && !countsNobody(full));
});
