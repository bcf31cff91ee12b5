import assert from "node:assert/strict";
import { test } from "node:test";
import { receiptState } from "@countersign/lifecycle";
import { TEAMS } from "@countersign/lifecycle/testing/teams";
import { isOf, type LifecycleEvent, lifecycleEntry } from "@countersign/trail";
import { startWorld } from "../testing/start_world.ts";

test("receiptState() takes nothing back when who knew less is later on record", async (t) => {
  const stack = await startWorld(t, TEAMS);
  const histories: readonly (readonly [status: string, events: readonly LifecycleEvent[]])[] = [
    ["cancelled", ["denied", "cancelled", "held"]],
    ["cancelled", ["scheduled", "cancelled", "approved"]],
    ["rejected", ["rejected", "held"]],
    ["delivered", ["held", "approved", "delivered", "sent"]],
    ["bounced", ["sent", "delivered", "bounced"]],
    ["sent", ["sent", "approved", "no_news"]],
    ["queued", ["approved", "held"]],
    ["scheduled", ["held", "approved", "scheduled"]],
  ];
  for (const [n, [status, events]] of histories.entries()) {
    const asked = {
      to: "jane@acme.example",
      subject: `Email ${n}`,
      body: "Hello",
    } as const;
    const answer = await stack.ask("marketing/writer", asked);
    assert.ok(answer.kind === "taken" && answer.emailId !== undefined);
    const { trail, clock } = stack.world;
    const intent = (await trail.recordsOf(answer.receipt)).find(isOf("intent"))?.record;
    assert.ok(intent);
    for (const event of events) {
      const learnt = { event, email: answer.emailId, learnt_by: "polling" } as const;
      await trail.append(lifecycleEntry(intent, clock(), { ...learnt, final: false }));
    }
    assert.equal(receiptState(await trail.recordsOf(answer.receipt))?.status, status, events.join());
  }
});
