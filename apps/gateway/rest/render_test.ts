import assert from "node:assert/strict";
import { test } from "node:test";
import type { ReceiptState } from "@countersign/lifecycle";
import { renderOutcome } from "./render.ts";

const STATE: ReceiptState = {
  receipt: "rcp_1",
  team: "finance",
  assistant: "chaser",
  at: "2026-11-23T12:00:00.000Z",
  action: "send",
  status: "pending",
  recipients: [],
};

test("renderOutcome() tells who asked for a receipt's email, where somebody signed in", () => {
  const shown = (state: ReceiptState) =>
    renderOutcome({ kind: "answered", receipt: "rcp_2", answer: { action: "status", state } }, "req")
      .body as object;
  assert.equal(Reflect.get(shown({ ...STATE, user: "ann@acme.example" }), "user"), "ann@acme.example");
  assert.ok(!("user" in shown(STATE)));
});
