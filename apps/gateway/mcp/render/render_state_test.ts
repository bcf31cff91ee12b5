import assert from "node:assert/strict";
import { test } from "node:test";
import type { ReceiptState } from "@countersign/lifecycle";
import { renderState } from "./render_state.ts";

const STATE: ReceiptState = {
  receipt: "rcp_1",
  team: "finance",
  assistant: "chaser",
  at: "2026-11-23T12:00:00.000Z",
  action: "send",
  status: "pending",
  recipients: [],
};

test("renderState() tells who asked for it, where somebody signed in", () => {
  const { text } = renderState({ ...STATE, user: "ann@acme.example" });
  assert.match(text, /^asked for by: ann@acme\.example$/m);
  assert.doesNotMatch(renderState(STATE).text, /asked for by/);
});
