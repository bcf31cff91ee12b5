import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { DustClient } from "../testing/dust_client.ts";
import { startDust } from "../testing/start_dust.ts";
import { toActions } from "./to_actions.ts";
import { TOOLS } from "./tools.ts";

const FILE = { name: "a.csv", content_type: "text/csv", content_base64: "SGk=" };

/** Arguments that each tool takes. */
const GOOD: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  send_email: {
    to: ["a@x.example"],
    subject: "Hi",
    body: "Hello",
    cc: ["b@x.example"],
    bcc: [],
    attachments: [FILE],
    send_at: "2026-12-31T09:00:00Z",
    idempotency_key: "again",
  },
  reply_email: {
    email_id: "01K",
    body: "Hello",
    cc: "b@x.example",
    attachments: [FILE],
    idempotency_key: "k",
  },
  check_inbox: { limit: 100, since_id: "01K", unread_only: true, from: "a", subject: "b", cursor: "c" },
  read_email: { email_id: "01K", offset: 5 },
  get_thread: { thread_id: "01K" },
  email_status: { receipt: "rcp_1" },
  cancel_message: { receipt: "rcp_1" },
  send_report: {
    period: "2026-W47",
    metrics: { Signups: 4, "Churn %": 1.5 },
    recipients: ["a@x.example", "b@x.example"],
    subject: "S",
    note: "n",
  },
  email_policy: {},
};

function testdata(name: string): string {
  return readFileSync(new URL(`testdata/${name}`, import.meta.url), "utf8");
}

test("tools/list answers what it always did, byte for byte: clients keep settings by it", async (t) => {
  const { stack, url } = await startDust(t);
  const golden = JSON.parse(testdata("tool_list.json")) as Readonly<Record<string, unknown>>;
  for (const [assistant, tools] of Object.entries(golden)) {
    const listed = await new DustClient(url, stack.keyOf(assistant)).list();
    assert.equal(JSON.stringify(listed, null, 2), JSON.stringify(tools, null, 2), assistant);
  }
});

test("toActions() takes, and refuses in the same words, what it always did", () => {
  // Each line: a tool; how its good arguments are changed (null for one that is left out); what is asked, or what is wrong.
  for (const line of testdata("tool_calls.jsonl").trim().split("\n")) {
    const [name, change, want] = JSON.parse(line) as [string, Readonly<Record<string, unknown>>, unknown];
    const tool = TOOLS.find((tool) => tool.name === name);
    assert.ok(tool !== undefined, name);
    assert.equal(
      JSON.stringify(outcomeOf(toActions(tool, { ...GOOD[name], ...change }))),
      JSON.stringify(want),
      line,
    );
  }
});

function outcomeOf(asked: ReturnType<typeof toActions>): unknown {
  if (asked === "policy" || !("name" in asked) || asked.name !== "invalid") return asked;
  return [asked.attempted, ...asked.problems.map(({ field, message }) => `${field}: ${message}`)];
}
