import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { type TestContext, test } from "node:test";
import { receiptState } from "@countersign/lifecycle";
import { TEAMS } from "@countersign/lifecycle/testing/teams";
import { type MultiMailClient, MultiMailError } from "@countersign/multimail";
import { lifecycleEntry } from "@countersign/trail";
import { startWorld, type TestWorld } from "../testing/start_world.ts";
import { handle } from "./handle.ts";
import type { World } from "./world.ts";

const HELD = { to: "jane@client.example", subject: "Invoice", body: "Please pay" };

/** An email of an assistant, and a way to take it back. */
async function start(t: TestContext, as = "finance/chaser", email: object = HELD) {
  const stack = await startWorld(t, TEAMS);
  const outcome = await stack.ask(as, { ...email });
  assert.ok(outcome.kind === "taken" && outcome.emailId !== undefined, JSON.stringify(outcome));
  const { receipt, emailId } = outcome;
  const [team = "", assistant = ""] = as.split("/");
  const cancel = (world: World = stack.world) =>
    handle(
      {
        ...{ id: randomUUID(), door: "mcp", caller: { team, assistant }, receivedAt: world.clock() },
        action: { name: "cancel", receipt },
      },
      world,
    );
  return { ...stack, receipt, emailId, cancel };
}

/** Somebody else takes the right to end the email's waiting. */
async function claim({ world }: TestWorld, receipt: string, fingerprint: string) {
  const at = world.clock();
  const about = { team: null, assistant: null, receipt: "rcp_other", policy: null };
  const entry = lifecycleEntry(about, at, { event: "held", email: "em-other", learnt_by: "console" });
  const claims = [{ key: `decide:${receipt}`, fingerprint, expiresAt: at + 60_000 }];
  return world.trail.tryAppend({ ...entry, claims });
}

test("cancelling takes the right to decide, which nobody then has", async (t) => {
  const held = await start(t);
  const outcome = await held.cancel();
  assert.ok(outcome.kind === "answered", JSON.stringify(outcome));
  const late = await claim(held, held.receipt, "approve 1");
  assert.ok(!late.ok && late.reason === "claimed");
  assert.equal((await held.multimail.getEmail("mbx-finance", held.emailId)).status, "cancelled");
  assert.equal((await held.cancel()).kind, "answered", "to do it twice does no harm");
});

test("cancelling is refused while somebody decides on the email, and the assistant is told so", async (t) => {
  const held = await start(t);
  assert.ok((await claim(held, held.receipt, "approve 1")).ok);
  const outcome = await held.cancel();
  assert.ok(outcome.kind === "failed" && outcome.receipt !== undefined, JSON.stringify(outcome));
  assert.equal(outcome.code, "not_cancellable");
  assert.match(outcome.message, /^Somebody decides on the email right now/);
  assert.equal((await held.multimail.getEmail("mbx-finance", held.emailId)).status, "pending_send_approval");
  assert.equal(receiptState(await held.world.trail.recordsOf(outcome.receipt))?.status, "refused");
  held.advance(60_001);
  assert.equal((await held.cancel()).kind, "answered");
});

test("cancelling goes on where the gateway cancels the email already", async (t) => {
  const held = await start(t);
  assert.ok((await claim(held, held.receipt, "cancel 1")).ok);
  assert.equal((await held.cancel()).kind, "answered");
});

test("cancelling gives the right back when MultiMail does not do it", async (t) => {
  const held = await start(t);
  const deaf: Partial<MultiMailClient> = {
    cancel: async () => {
      throw new MultiMailError("MultiMail does not answer", { code: "unavailable", outcome: "unknown" });
    },
  };
  const outcome = await held.cancel({ ...held.world, clientFor: () => deaf as MultiMailClient });
  assert.ok(outcome.kind === "failed" && outcome.code === "multimail_unavailable", JSON.stringify(outcome));
  assert.ok((await claim(held, held.receipt, "approve 1")).ok);
});

test("cancelling scheduled email asks nobody, whoever decided on it before", async (t) => {
  const later = { to: "bob@acme.example", subject: "News", body: "Soon", send_at: "2026-03-10T12:00:00Z" };
  const scheduled = await start(t, "marketing/writer", later);
  assert.ok((await claim(scheduled, scheduled.receipt, "approve 1")).ok);
  assert.equal((await scheduled.cancel()).kind, "answered");
});
