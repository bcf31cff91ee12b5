import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { type Action, parseReply, parseReport, parseSend } from "@countersign/core/action";
import {
  parseMultimailList,
  parseMultimailPath,
  parseMultimailReply,
  parseMultimailSend,
} from "./parse_multimail.ts";

const FILE = { name: "a.csv", content_type: "text/csv", content_base64: "SGk=" };
const REPORT = { period: "2026-W47", metrics: { Signups: 4 } };
const SCHEDULED = {
  to: ["a@x.example"],
  subject: "Hi",
  cc: ["b@x.example"],
  attachments: [FILE],
  send_at: "2026-12-31T09:00:00Z",
  idempotency_key: "k",
};

type Request = Readonly<Record<string, unknown>>;

interface Route {
  /** A request that it takes. */
  readonly good: Request;
  readonly parse: (request: unknown) => Action | readonly Action[];
}

const ROUTES: Readonly<Record<string, Route>> = {
  send: { good: { mailbox_id: "m1", ...SCHEDULED, body: "Hello", bcc: [] }, parse: parseSend },
  reply: {
    good: { message_id: "01K", markdown: "Hello", bcc: "c@x.example", idempotency_key: "k" },
    parse: parseReply,
  },
  report: {
    good: {
      mailbox_id: "m1",
      report: REPORT,
      recipients: ["a@x.example"],
      subject: "S",
      note: "n",
      idempotency_key: "k",
    },
    parse: parseReport,
  },
  multimail_send: {
    good: { ...SCHEDULED, markdown: "Hello", gate_timing: "gate_first", ai_disclosure: true },
    parse: (body) => parseMultimailSend("m1", body),
  },
  multimail_reply: {
    good: { markdown: "Hello", cc: ["b@x.example"], bcc: null, ai_disclosure: true },
    parse: (body) => parseMultimailReply("m1", "01K", body),
  },
  multimail_list: {
    good: {
      limit: "5",
      cursor: "c",
      since_id: "01K",
      status: "unread",
      sender: "a",
      subject_contains: "b",
      date_after: "2026-01-01",
      date_before: "2026-01-01T00:00:00+01:00",
      direction: "inbound",
      has_attachments: "true",
    },
    parse: (query) => parseMultimailList("m1", query as Record<string, string>),
  },
  multimail_read: {
    good: { mailboxId: "m1", emailId: "01K" },
    parse: (path) => parseMultimailPath("read", path as Record<string, string>),
  },
  multimail_cancel: {
    good: { mailboxId: "m1", emailId: "rcp_1" },
    parse: (path) => parseMultimailPath("cancel", path as Record<string, string>),
  },
};

test("Requests of the REST door are taken, and refused in the same words, as they always were", () => {
  // Each line: a route; how its good request is changed, or what it is replaced by; the action, or what is wrong.
  const lines = readFileSync(new URL("testdata/requests.jsonl", import.meta.url), "utf8")
    .trim()
    .split("\n");
  for (const line of lines) {
    const [name, change, want] = JSON.parse(line) as [string, unknown, unknown];
    const route = ROUTES[name];
    assert.ok(route !== undefined, name);
    const isChange = typeof change === "object" && change !== null && !Array.isArray(change);
    const outcome = outcomeOf(route.parse(isChange ? { ...route.good, ...change } : change));
    assert.equal(JSON.stringify(outcome), JSON.stringify(want), line);
  }
});

function outcomeOf(action: Action | readonly Action[]): unknown {
  if (!("name" in action) || action.name !== "invalid") return action;
  return [action.attempted, ...action.problems.map(({ field, message }) => `${field}: ${message}`)];
}
