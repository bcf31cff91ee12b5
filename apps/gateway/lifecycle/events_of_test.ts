import assert from "node:assert/strict";
import { test } from "node:test";
import type { Email } from "@countersign/multimail";
import type { LifecycleEvent } from "@countersign/trail";
import { eventsOf, phaseOf } from "./events_of.ts";

const EMAIL: Email = {
  id: "01A",
  from: "ops@acme.multimail.dev",
  to: ["jane@client.example"],
  cc: [],
  subject: "Hello",
  markdown: "Hello",
  attachments: [],
  status: "pending_scan",
};
const AT = "2026-03-02T12:00:00.000Z";

test("eventsOf() and phaseOf() tell what MultiMail shows, and no more", async (t) => {
  const cases: readonly [Partial<Email>, readonly LifecycleEvent[], ReturnType<typeof phaseOf>][] = [
    [{ status: "pending_scan" }, [], undefined],
    [{ status: "pending_send_approval" }, ["held"], "held"],
    [{ status: "scheduled" }, ["scheduled"], "held"],
    [{ status: "scheduled", approvedAt: AT }, ["held", "approved", "scheduled"], "held"],
    [{ status: "rejected" }, ["rejected"], "ended"],
    [{ status: "rejected", approvedAt: AT }, ["rejected"], "ended"],
    [{ status: "cancelled" }, ["cancelled"], "ended"],
    [{ status: "send_failed" }, ["send_failed"], "ended"],
    [{ status: "read", deliveredAt: AT }, ["sent", "delivered"], "left"],
    [{ status: "who knows", deliveredAt: AT }, ["sent", "delivered"], "left"],
    [{ status: "who knows", bouncedAt: AT }, ["sent", "bounced"], "left"],
    [{ status: "read", deliveredAt: AT, bouncedAt: AT }, ["sent", "delivered", "bounced"], "left"],
    [{ status: "read", approvedAt: AT }, ["held", "approved", "sent"], "left"],
    [{ status: "spam_quarantined" }, [], undefined],
    [{ status: "who knows" }, [], undefined],
    [{ status: "" }, [], undefined],
  ];
  for (const [shown, events, phase] of cases) {
    await t.test(JSON.stringify(shown), () => {
      const found = eventsOf({ ...EMAIL, ...shown });
      assert.deepEqual(
        found.map(({ event }) => event),
        events,
      );
      assert.equal(phaseOf(found), phase);
    });
  }
});

test("eventsOf() believes what is told only as far as MultiMail shows nothing else", async (t) => {
  const cases: readonly [Partial<Email>, readonly LifecycleEvent[], readonly LifecycleEvent[]][] = [
    [{ status: "pending_send_approval" }, ["sent", "delivered", "approved", "complained"], ["held"]],
    [{ status: "pending_scan" }, ["sent", "delivered", "bounced", "rejected"], []],
    [{ status: "rejected" }, ["sent", "complained"], ["rejected"]],
    [{ status: "who knows" }, ["delivered", "bounced"], []],
    [{ status: "who knows" }, ["sent"], ["sent"]],
    [{ status: "read", deliveredAt: AT }, ["complained"], ["sent", "delivered", "complained"]],
  ];
  for (const [shown, told, events] of cases) {
    await t.test(`${JSON.stringify(shown)}, told ${told}`, () => {
      const found = eventsOf({ ...EMAIL, ...shown }, new Set(told));
      assert.deepEqual(
        found.map(({ event }) => event),
        events,
      );
    });
  }
});
