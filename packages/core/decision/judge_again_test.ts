import assert from "node:assert/strict";
import { test } from "node:test";
import { isEmailAction, parseSend } from "../action/mod.ts";
import { formatProblem, loadPolicies, type PolicySet } from "../policy/mod.ts";
import { judgeAgain } from "./judge_again.ts";

const NOW = Date.parse("2026-11-23T10:00:00Z");
const HEAD = `team: ops
mailbox: { id: mbx-ops, address: ops@acme.multimail.dev }
assistants: [{ id: writer }]
recipients: { internal: [acme.example], external: allow, skip_approval: ["*@acme.example"] }
`;
const PLAIN = `${HEAD}approvers: [lead@acme.example]\n`;
const FOUR_EYES = `${HEAD}approval:
  by: [lead@acme.example]
  classes: [{ when: { content: [iban] }, needed: 2, by: [cfo@acme.example, coo@acme.example] }]
`;

function policiesOf(text: string): PolicySet {
  const file = { name: "ops.yaml", file: "teams/ops.yaml", bytes: new TextEncoder().encode(text) };
  const result = loadPolicies([file], { sha256: () => "" });
  if (!result.ok) throw new Error(result.problems.map(formatProblem).join("\n"));
  return result.policies;
}

function again(text: string, { to, held }: { readonly to: string; readonly held: boolean }) {
  const policies = policiesOf(text);
  const action = parseSend({ to, subject: "Account", body: "It is DE89 3704 0044 0532 0130 00" });
  assert.ok(isEmailAction(action));
  const allowlist = policies.teams.get("ops")?.recipients.skipApproval.map(({ value }) => value) ?? [];
  return judgeAgain(
    policies,
    { receipt: "rcp_1", action, askedAt: NOW - 60_000, held },
    {
      ...{ now: NOW, team: "ops", assistant: "writer" },
      live: { oversight: "gated_send", allowlist, active: true, seenAt: NOW },
    },
  );
}

test("judgeAgain() lets a held email wait that needs more people by now, and tells of whom", () => {
  const to = "jane@client.example";
  assert.deepEqual(
    again(PLAIN, { to, held: true }).requirements?.map(({ needed }) => needed),
    [1],
  );
  const { effect, findings, requirements } = again(FOUR_EYES, { to, held: true });
  assert.equal(effect, "allow");
  assert.deepEqual(
    findings.filter(({ rule }) => rule === "approval").map(({ effect }) => effect),
    ["flag"],
  );
  assert.deepEqual(
    requirements?.map((one) => [one.needed, one.class, one.by.map(({ address }) => address)]),
    [
      [1, undefined, ["lead@acme.example"]],
      [2, "content: iban", ["cfo@acme.example", "coo@acme.example"]],
    ],
  );
});

test("judgeAgain() lets a held email wait though its recipients skip approval by now", () => {
  assert.equal(again(FOUR_EYES, { to: "jane@acme.example", held: true }).effect, "allow");
});

test("judgeAgain() denies an email that nobody saw, and that needs people by now", () => {
  const to = "jane@acme.example";
  assert.equal(again(PLAIN, { to, held: false }).effect, "allow");
  const { effect, findings, requirements } = again(FOUR_EYES, { to, held: false });
  assert.equal(effect, "deny");
  assert.deepEqual(
    findings.filter((finding) => finding.effect === "deny").map(({ rule, where }) => [rule, where?.line]),
    [["approval", 7]],
  );
  assert.equal(requirements, undefined);
});
