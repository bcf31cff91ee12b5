import assert from "node:assert/strict";
import { test } from "node:test";
import { RULES } from "../decision/rules.ts";
import { RULE_NAMES } from "./rule_names.ts";

test("RULE_NAMES has every rule that decides, so that a policy can name it", () => {
  for (const { name } of RULES) assert.ok(Object.hasOwn(RULE_NAMES, name), name);
});

test("RULE_NAMES lets no team loosen who may do what in whose mailbox, the deny list, unsafe attachments, and approval", () => {
  const fixed = [
    "users",
    "request",
    "actions",
    "mailbox",
    "mailbox.verified",
    "mailbox.stopped",
    "oversight",
    "reply",
    "send_at",
    "compose",
    "recipients.address",
    "recipients.deny",
    "attachments.unsafe",
    "approval",
  ];
  assert.deepEqual(
    Object.entries(RULE_NAMES)
      .filter(([, { optional }]) => !optional)
      .map(([name]) => name),
    fixed,
  );
});
