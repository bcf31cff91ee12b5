import assert from "node:assert/strict";
import { test } from "node:test";
import { TEAMS } from "@countersign/lifecycle/testing/teams";
import { type Stack, startStack } from "../testing/start_stack.ts";

/** A line of Prometheus' text format (version 0.0.4), and what it is about. */
const COMMENT =
  /^# (?:HELP [a-zA-Z_:][\w:]* [^\n]+|TYPE [a-zA-Z_:][\w:]* (?:counter|gauge|histogram|summary|untyped))$/;
const SAMPLE =
  /^([a-zA-Z_:][\w:]*)(?:\{((?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*",?)*)\})? (?:[-+]?(?:\d+(?:\.\d+)?(?:e[-+]?\d+)?|Inf)|NaN)(?: \d+)?$/;

async function scrape(stack: Stack): Promise<string> {
  const response = await fetch(`${stack.gateway.url}/metrics`);
  assert.equal(response.status, 200);
  assert.match(response.headers.get("content-type") ?? "", /^text\/plain; version=0\.0\.4/);
  return response.text();
}

test("GET /metrics counts what assistants do and what comes of it", async (t) => {
  const stack = await startStack(t, TEAMS);
  const send = (as: string | undefined, to: string) =>
    stack.call("POST", "/v1/send", { ...(as && { as }), body: { to, subject: "Hi", body: "Hello" } });
  await send("marketing/writer", "jane@acme.example");
  await send("marketing/writer", "jane@acme.example");
  await send("marketing/writer", "ceo@rival.example");
  await send("finance/chaser", "ceo@rival.example");
  await send(undefined, "jane@acme.example");
  await stack.call("GET", "/v1/receipts/nonsense", { as: "marketing/writer" });
  await stack.control("POST", "/sandbox/faults", { fault: "quota", count: 1 });
  await send("marketing/writer", "ann@acme.example");
  const text = await scrape(stack);
  for (const line of [
    'calls_total{door="rest",action="send",effect="taken",code="queued"} 1',
    'calls_total{door="rest",action="send",effect="duplicate",code="ok"} 1',
    'calls_total{door="rest",action="send",effect="denied",code="policy_denied"} 2',
    'calls_total{door="rest",action="status",effect="failed",code="not_found"} 1',
    'calls_total{door="rest",action="send",effect="failed",code="multimail_quota"} 1',
    'call_duration_seconds_count{door="rest",action="send"} 5',
    'denials_total{rule="recipients.deny"} 1',
    'denials_total{rule="recipients.external"} 1',
    'refused_callers_total{door="rest",code="missing_key"} 1',
    'multimail_call_duration_seconds_count{call="send",outcome="ok"} 1',
    'multimail_call_duration_seconds_count{call="send",outcome="quota"} 1',
    "open_intents 0",
    'policy_reloads_total{result="refused"} 0',
    "policy_problems 0",
    "policy_teams 2",
    'mailboxes{state="verified"} 2',
    'mailboxes{state="different"} 0',
  ]) {
    assert.ok(text.includes(`\ncountersign_${line}\n`), `${line}\n${text}`);
  }
  assert.match(text, /^countersign_trail_append_duration_seconds_count\{result="ok"\} (?:9|1\d)$/m);
  assert.match(text, /^countersign_policy_info\{hash="[\da-f]{64}"\} 1$/m);
  assert.match(text, /^nodejs_eventloop_lag_p99_seconds /m);
  assert.match(text, /^process_resident_memory_bytes /m);
});

test("GET /metrics is in Prometheus' format, line by line, and names nobody", async (t) => {
  const stack = await startStack(t, TEAMS);
  const hostile = 'x"}\n# HELP evil 1\nevil{a="b"} 1@acme.example';
  await stack.call("POST", "/v1/send", {
    as: "marketing/writer",
    body: { to: hostile, subject: hostile, body: hostile },
  });
  await stack.call("DELETE", `/v1/${encodeURIComponent(hostile)}`, { as: "marketing/writer" });
  const text = await scrape(stack);
  assert.ok(text.endsWith("\n"));
  const seen = new Set<string>();
  for (const line of text.trimEnd().split("\n")) {
    if (line === "" || COMMENT.test(line)) continue;
    const [, name = "", labels = ""] = SAMPLE.exec(line) ?? [];
    assert.notEqual(name, "", line);
    assert.ok(!seen.has(`${name}{${labels}}`), `twice: ${line}`);
    seen.add(`${name}{${labels}}`);
  }
  assert.ok(seen.size > 50);
  for (const secret of ["acme", "writer", "marketing", "evil", "csk_", "mm_", "mbx-"]) {
    assert.ok(!text.includes(secret), secret);
  }
});

test("GET /metrics tells mailboxes that are not as declared", async (t) => {
  const stack = await startStack(t, TEAMS);
  await stack.control("POST", "/sandbox/mailboxes/mbx-finance", { oversight_mode: "autonomous" });
  await stack.restart();
  assert.match(await scrape(stack), /^countersign_mailboxes\{state="different"\} 1$/m);
});
