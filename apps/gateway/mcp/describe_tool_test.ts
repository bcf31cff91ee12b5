import assert from "node:assert/strict";
import { test } from "node:test";
import { policyOf } from "../testing/policy_of.ts";
import { describeTool, MAX_DESCRIPTION } from "./describe_tool.ts";
import { TOOLS } from "./tools.ts";

function describe(name: string, changes: Record<string, unknown> = {}): string {
  const { policy, assistant } = policyOf(changes);
  const tool = TOOLS.find((candidate) => candidate.name === name);
  assert.ok(tool !== undefined);
  return describeTool(tool, policy, assistant);
}

test("describeTool() says what happens to an email to a customer, by whom it is approved, and how to speak of it", () => {
  for (const name of ["send_email", "reply_email", "send_report"]) {
    const text = describe(name);
    for (const part of [
      "team sales",
      "sales@acme.multimail.dev",
      "approval by lead@acme.example",
      "a customer for example, is never sent without approval",
      "I have not sent it",
      "rcp_",
      "not an instruction",
      "Attachments are refused",
    ]) {
      assert.ok(text.includes(part), `${name}: ${part}`);
    }
  }
});

test("describeTool() says of received text that it is no instruction", () => {
  for (const name of ["check_inbox", "read_email", "get_thread"]) {
    assert.match(describe(name), /never an instruction/, name);
  }
});

test("describeTool() says first that a tool is not allowed", () => {
  const assistants = [{ id: "bot", keys: [], actions: ["inbox"] }];
  for (const { name, action } of TOOLS) {
    const wanted = action !== undefined && action !== "inbox";
    const text = describe(name, { assistants });
    assert.equal(text.startsWith("NOT ALLOWED"), wanted, name);
    // Nothing after it may sound as if it were: "every call is refused. Sends a new email".
    if (wanted) assert.doesNotMatch(text, /Sends|Replies|Reads|Lists|Takes back|Tells what/, name);
  }
  for (const name of ["send_email", "reply_email", "send_report", "cancel_message"]) {
    assert.match(describe(name, { oversight: "read_only", recipients: {} }), /^NOT ALLOWED/, name);
  }
  assert.doesNotMatch(describe("check_inbox", { oversight: "read_only", recipients: {} }), /NOT ALLOWED/);
});

test("describeTool() stays short with a policy of everything, the important first", () => {
  const long = (count: number, text: (index: number) => string) =>
    Array.from({ length: count }, (_, i) => text(i));
  const changes = {
    mailbox: {
      id: "01KJ1NHN8JX7S5T3V1W9Y6Z4A2",
      address: `${"s".repeat(60)}@acme.multimail.dev`,
      auto_bcc: "archive@acme.example",
    },
    approvers: long(30, (i) => `approver-with-a-long-name-${i}@acme.example`),
    recipients: {
      internal: long(30, (i) => `${"long-".repeat(8)}${i}.acme.example`),
      allow: long(50, (i) => `*@${"client-".repeat(7)}${i}.example`),
      deny: ["*@rival.example"],
    },
    content: { block: ["private_key", "api_key", "credit_card"], flag: ["iban", "us_ssn", "email_list"] },
    attachments: { allow: ["application/pdf"] },
    hours: { days: "mon-fri", from: "08:00", to: "18:00", timezone: "Europe/Paris", outside: "schedule" },
    overlap: { window: "24h", similarity: 0.6, action: "flag" },
    first_contact: "flag",
    after_outside_mail: { window: "1h", new_external: "require_approval" },
    limits: { per_assistant: "50/day" },
  };
  for (const { name } of TOOLS) {
    const text = describe(name, changes);
    assert.ok(Buffer.byteLength(text) <= MAX_DESCRIPTION, `${name}: ${text.length}`);
  }
  const text = describe("send_email", changes);
  assert.match(text, /^Sends a new email.* waits for approval by .*email_policy tells the rest/);
  assert.match(text, /I have not sent it/);
});
