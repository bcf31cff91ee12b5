import assert from "node:assert/strict";
import { test } from "node:test";
import { receiptState } from "@countersign/lifecycle";
import { TEAMS } from "@countersign/lifecycle/testing/teams";
import { isOf, lifecycleEntry } from "@countersign/trail";
import { startWorld, type TestWorld } from "../testing/start_world.ts";

const WRITER =
  '- { id: chaser, actions: [send, reply, report, inbox, read, thread, status, cancel], keys: ["KEY"] }';
const TWO = {
  ...TEAMS,
  "finance.yaml": `${TEAMS["finance.yaml"]}`.replace(
    WRITER,
    `${WRITER}\n  ${WRITER.replace("chaser", "other")}`,
  ),
};

let sent = 0;

async function send(stack: TestWorld, as: string, more: object = {}) {
  const body = `Please pay ${sent++}`;
  return stack.ask(as, { to: "jane@client.example", subject: "Invoice", body, ...more });
}

/** An email of theirs that a person rejected. */
async function rejected(stack: TestWorld, as: string): Promise<string> {
  const outcome = await send(stack, as);
  assert.ok(outcome.kind === "taken", JSON.stringify(outcome));
  const { trail, clock } = stack.world;
  const [intent] = (await trail.recordsOf(outcome.receipt)).filter(isOf("intent"));
  assert.ok(intent !== undefined);
  const about = { email: outcome.emailId ?? "", learnt_by: "console", final: true } as const;
  await trail.append(lifecycleEntry(intent.record, clock(), { event: "rejected", ...about }));
  return outcome.receipt;
}

test("an email may name an earlier one of its assistant that was rejected, which goes on record", async (t) => {
  const stack = await startWorld(t, TWO);
  const revises = await rejected(stack, "finance/chaser");
  const outcome = await send(stack, "finance/chaser", { revises });
  assert.ok(outcome.kind === "taken", JSON.stringify(outcome));
  const records = await stack.world.trail.recordsOf(outcome.receipt);
  assert.equal(receiptState(records)?.revises, revises);
  const [first] = (await stack.world.trail.recordsOf(revises)).filter(isOf("intent"));
  assert.ok(first !== undefined && !("revises" in first.record.data));
});

test("an email may not name what was not rejected, another assistant's or team's, or nothing", async (t) => {
  const stack = await startWorld(t, TWO);
  const waiting = await send(stack, "finance/chaser");
  assert.ok(waiting.kind === "taken");
  for (const revises of [waiting.receipt, await rejected(stack, "finance/other"), "rcp_none"]) {
    const outcome = await send(stack, "finance/chaser", { revises });
    assert.ok(outcome.kind === "denied", JSON.stringify(outcome));
    assert.equal(outcome.code, "invalid_request");
    assert.match(
      outcome.decision.findings[0]?.message ?? "",
      /^revises: Must be the receipt of an email of yours/,
    );
    const [intent] = (await stack.world.trail.recordsOf(outcome.receipt)).filter(isOf("intent"));
    assert.ok(intent !== undefined && !("revises" in intent.record.data));
  }
  const mine = await rejected(stack, "finance/chaser");
  const theirs = { to: "bob@acme.example", revises: mine };
  assert.equal((await send(stack, "marketing/writer", theirs)).kind, "denied");
  assert.equal((await stack.outbox()).length, 0);
});
