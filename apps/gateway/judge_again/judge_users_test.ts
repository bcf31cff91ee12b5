import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { type TestContext, test } from "node:test";
import { parseSend } from "@countersign/core/action";
import { parseAddress } from "@countersign/core/address";
import { TEAMS } from "@countersign/lifecycle/testing/teams";
import { askerCommitments, personErasureEntry } from "@countersign/trail";
import { handle } from "../enforce/handle.ts";
import { startWorld, type TestWorld } from "../testing/start_world.ts";
import { judgeWaiting } from "./judge_waiting.ts";

/** Finance, whose chaser may be used by these people. */
function finance(users: string): string {
  return `${TEAMS["finance.yaml"]}`.replace(
    'keys: ["KEY"] }',
    `keys: ["KEY"]${users === "" ? "" : `, users: { ${users} }`} }`,
  );
}

const BEFORE = 'sign_in: required, allow: ["*@acme.example"], claims: [sales], with_key: false';

/** An email that Ann of sales asked for, without the assistant's key, waits. */
async function startWaiting(t: TestContext): Promise<TestWorld & { readonly receipt: string }> {
  const stack = await startWorld(t, { ...TEAMS, "finance.yaml": finance(BEFORE) });
  const { world } = stack;
  const parsed = parseAddress("ann@acme.example");
  const person = {
    ...{ issuer: "https://login.acme.example", subject: "u1", claims: ["sales", "staff"] },
    ...(parsed.ok && { address: parsed.address }),
  };
  const action = parseSend({ to: "jane@client.example", subject: "Invoice", body: "Please pay" });
  const caller = { team: "finance", assistant: "chaser" };
  const call = { id: randomUUID(), door: "mcp", caller, person, action, receivedAt: world.clock() } as const;
  const outcome = await handle(call, world);
  assert.equal(outcome.kind, "taken", JSON.stringify(outcome));
  return { ...stack, receipt: outcome.receipt ?? "" };
}

function judging({ world, multimail }: TestWorld) {
  return { ...world, clientsOf: () => [multimail] };
}

/** Who may use the assistant now, and whether what Ann asked for may still leave. */
const CHANGES: readonly (readonly [name: string, users: string, stands: boolean])[] = [
  ["nothing", BEFORE, true],
  ["nobody signs in any more, and the key is wanted", "", false],
  ["the key is wanted", BEFORE.replace("with_key: false", "with_key: true"), false],
  ["only her address counts", 'sign_in: required, allow: ["*@acme.example"], with_key: false', true],
  ["only her group counts", "sign_in: required, claims: [sales], with_key: false", true],
  ["her account is shared", `${BEFORE}, shared: [ann@acme.example]`, false],
  ["others may", 'sign_in: required, allow: ["bob@acme.example"], claims: [board], with_key: false', false],
];

test("judgeWaiting() takes back what somebody asked for who may not any more", async (t) => {
  for (const [name, users, stands] of CHANGES)
    await t.test(name, async (t) => {
      const stack = await startWaiting(t);
      stack.setTeams({ ...TEAMS, "finance.yaml": finance(users) });
      const { result } = await judgeWaiting(stack.receipt, judging(stack));
      assert.equal(result, stands ? "stands" : "cancelled");
      const records = await stack.world.trail.recordsOf(stack.receipt);
      const rules = records.flatMap(({ record: { kind, data } }) =>
        kind === "lifecycle" && data.event === "denied" ? (data.findings ?? []).map(({ rule }) => rule) : [],
      );
      assert.deepEqual(rules, stands ? [] : ["users"]);
    });
});

test("judgeWaiting() counts nobody against a limit by person a second time", async (t) => {
  const stack = await startWaiting(t);
  stack.setTeams({ ...TEAMS, "finance.yaml": `${finance(BEFORE)}limits: { per_user: 1/day }\n` });
  assert.equal((await judgeWaiting(stack.receipt, judging(stack))).result, "stands");
});

test("judgeWaiting() takes back what somebody asked for who was erased, where people sign in", async (t) => {
  const stack = await startWaiting(t);
  const { trail, clock } = stack.world;
  const [intent] = await trail.recordsOf(stack.receipt);
  assert.ok(intent?.record.kind === "intent");
  const commitments = askerCommitments(intent.record.data.person);
  assert.equal(commitments.length, 4);
  await trail.append(personErasureEntry({ commitments, by: "ann", reason: "She asked" }, clock()));
  assert.equal((await judgeWaiting(stack.receipt, judging(stack))).result, "cancelled");
});
