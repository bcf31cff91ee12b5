import assert from "node:assert/strict";
import { test } from "node:test";
import type { SendAction } from "@countersign/core/action";
import { toActions } from "./to_actions.ts";
import { TOOLS } from "./tools.ts";

function attempted(name: string, args: Record<string, unknown>): string {
  const asked = actionsOf(name, args);
  assert.ok(asked !== "policy" && "name" in asked && asked.name === "invalid");
  return asked.attempted;
}

function actionsOf(name: string, args: Record<string, unknown>) {
  const tool = TOOLS.find((candidate) => candidate.name === name);
  assert.ok(tool !== undefined);
  return toActions(tool, args);
}

test("toActions() refuses unknown arguments by name, with everything else that is wrong", () => {
  const args = { to: ["a@x.example"], subject: "", body: "Hello", from: "ceo@x.example", mailbox_id: "m" };
  assert.deepEqual(actionsOf("send_email", args), {
    name: "invalid",
    code: "invalid_request",
    attempted: "send",
    problems: [
      { field: "subject", message: "A subject is needed" },
      { field: "from", message: "Unknown field" },
      { field: "mailbox_id", message: "Unknown field" },
    ],
  });
  assert.equal(attempted("email_policy", { verbose: true }), "policy");
});

test("toActions() refuses what the REST door would take under another name", () => {
  for (const args of [
    { to: ["a@x.example"], subject: "Hi", markdown: "Hello" },
    JSON.parse('{"to": ["a@x.example"], "subject": "Hi", "body": "Hello", "__proto__": {"x": 1}}'),
    { to: ["a@x.example"], subject: "Hi", body: "Hello", constructor: 1, toString: 2 },
  ]) {
    const asked = actionsOf("send_email", args);
    assert.ok(asked !== "policy" && "name" in asked && asked.name === "invalid", JSON.stringify(args));
  }
});

test("toActions() names a tool's arguments as the tool does", () => {
  const fields = (name: string, args: Record<string, unknown>) => {
    const asked = actionsOf(name, args);
    assert.ok(asked !== "policy" && "name" in asked && asked.name === "invalid");
    return asked.problems.map(({ field }) => field);
  };
  assert.deepEqual(fields("reply_email", { email_id: "../x", body: "Hi" }), ["email_id"]);
  assert.deepEqual(fields("send_report", { period: "a\nb", metrics: { a: "1" }, recipients: ["x"] }), [
    "period",
    "metrics.a",
  ]);
  assert.deepEqual(fields("send_report", {}), ["period", "metrics", "recipients"]);
});

test("toActions() takes a null for an argument that was left out", () => {
  const asked = actionsOf("check_inbox", { limit: null, since_id: null });
  assert.deepEqual(asked, { name: "inbox", limit: 10 });
});

test("toActions() takes an empty text for an optional argument that was left out", () => {
  const asked = actionsOf("check_inbox", {
    limit: "",
    since_id: "",
    unread_only: "",
    from: "",
    subject: "",
    cursor: "",
  });
  assert.deepEqual(asked, actionsOf("check_inbox", {}));
  assert.deepEqual(actionsOf("email_status", { receipt: "" }), actionsOf("email_status", {}));
  const email = { to: "a@x.example", subject: "Hi", body: "Hello" };
  const blank = { cc: "", bcc: "", attachments: "", send_at: "", idempotency_key: "" };
  assert.deepEqual(actionsOf("send_email", { ...email, ...blank }), actionsOf("send_email", email));
  assert.equal(attempted("read_email", { email_id: "" }), "read");
  assert.equal(attempted("email_policy", { verbose: "" }), "policy");
});

test("toActions() makes one action for each recipient of a report", () => {
  const asked = actionsOf("send_report", {
    period: "2026-W47",
    metrics: { Signups: 42 },
    recipients: ["a@x.example", "b@x.example"],
  });
  assert.ok(Array.isArray(asked));
  assert.deepEqual(
    asked.map(({ recipients }: SendAction) => recipients[0]?.text),
    ["a@x.example", "b@x.example"],
  );
});
