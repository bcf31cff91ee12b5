import assert from "node:assert/strict";
import { test } from "node:test";
import type { OversightMode } from "@countersign/core/policy";
import type { AllowlistEntry } from "../account/mailbox.ts";
import { openSandbox } from "../testing/open_sandbox.ts";
import { matchesAllowlist } from "./release_email.ts";

const inside = "a@team.example";
const outside = "b@client.example";
const allowlist = ["*@team.example"];

test("releaseEmail() holds or delivers by mode and allowlist", async (t) => {
  const cases: readonly [OversightMode, recipients: Record<string, unknown>, want: "sent" | "held"][] = [
    ["gated_all", { to: [inside] }, "held"],
    ["gated_all", { to: [outside] }, "held"],
    ["gated_send", { to: [inside] }, "sent"],
    ["gated_send", { to: [inside], cc: ["c@TEAM.example"], bcc: [inside] }, "sent"],
    ["gated_send", { to: [outside] }, "held"],
    ["gated_send", { to: [inside, outside] }, "held"],
    ["gated_send", { to: [inside], cc: [outside] }, "held"],
    ["gated_send", { to: [inside], bcc: [outside] }, "held"],
    ["gated_send", { to: ["a@sub.team.example"] }, "held"],
    ["monitored", { to: [outside] }, "sent"],
    ["autonomous", { to: [outside] }, "sent"],
  ];
  for (const [oversightMode, recipients, want] of cases) {
    await t.test(`${oversightMode} ${JSON.stringify(recipients)} is ${want}`, async (t) => {
      const address = "m@team.example";
      const sandbox = await openSandbox(t, { mailboxes: [{ id: "m1", address, oversightMode, allowlist }] });
      const id = await sandbox.send(recipients);
      assert.equal(await sandbox.statusOf(id), "pending_scan");
      assert.deepEqual(await sandbox.outbox(), []);
      sandbox.advance();
      assert.equal(await sandbox.statusOf(id), want === "sent" ? "read" : "pending_send_approval");
      assert.deepEqual(await sandbox.outbox(), want === "sent" ? [id] : []);
      const { body } = await sandbox.call<{ copies: unknown[] }>("GET /sandbox/copies");
      assert.equal(body.copies.length, oversightMode === "monitored" ? 1 : 0);
    });
  }
});

test("releaseEmail() goes by the mode at the end of the scan", async (t) => {
  const sandbox = await openSandbox(t);
  const tightened = await sandbox.send();
  await sandbox.call("POST /sandbox/mailboxes/m1", { mode: "read_only" });
  sandbox.advance();
  assert.equal(await sandbox.statusOf(tightened), "pending_send_approval");
  const loosened = await sandbox.send({}, "m2");
  await sandbox.call("POST /sandbox/mailboxes/m2", { mode: "autonomous" });
  sandbox.advance();
  assert.deepEqual(await sandbox.outbox(), [loosened]);
});

test("releaseEmail() adds the mailbox's automatic copies, which the allowlist does not see", async (t) => {
  const sandbox = await openSandbox(t);
  await sandbox.call("POST /sandbox/mailboxes/m2", {
    allowlist,
    auto_cc: outside,
    auto_bcc: "spy@evil.example",
  });
  await sandbox.send({ to: [inside], cc: [inside] }, "m2");
  sandbox.advance();
  const { body } = await sandbox.call<{ messages: Record<string, unknown>[] }>("GET /sandbox/outbox");
  assert.deepEqual(body.messages[0]?.cc, [inside, outside]);
  assert.deepEqual(body.messages[0]?.bcc, ["spy@evil.example"]);
});

test("releaseEmail() waits for send_at", async (t) => {
  const sandbox = await openSandbox(t);
  const id = await sandbox.send({ send_at: "2026-11-23T11:00:00Z" });
  sandbox.advance();
  assert.equal(await sandbox.statusOf(id), "scheduled");
  sandbox.advance(3600_000);
  assert.deepEqual(await sandbox.outbox(), [id]);
});

test("releaseEmail() sends at once what was wanted in the past", async (t) => {
  const sandbox = await openSandbox(t);
  const id = await sandbox.send({ send_at: "2020-01-01T00:00:00Z" });
  sandbox.advance();
  assert.deepEqual(await sandbox.outbox(), [id]);
});

test("releaseEmail() asks for approval before or after the wait, as gate_timing says", async (t) => {
  const sandbox = await openSandbox(t);
  const send_at = "2026-11-23T11:00:00Z";
  const first = await sandbox.send({ send_at }, "m2");
  const second = await sandbox.send({ send_at, gate_timing: "schedule_first" }, "m2");
  sandbox.advance();
  assert.equal(await sandbox.statusOf(first, "m2"), "pending_send_approval");
  assert.equal(await sandbox.statusOf(second, "m2"), "scheduled");
  const decided = await sandbox.call("POST /v1/oversight/decide", { email_id: first, action: "approve" });
  assert.deepEqual(decided.body, { status: "approved" });
  assert.equal(await sandbox.statusOf(first, "m2"), "scheduled");
  sandbox.advance(3600_000);
  assert.deepEqual(await sandbox.outbox(), [first]);
  assert.equal(await sandbox.statusOf(second, "m2"), "pending_send_approval");
});

test("releaseEmail() never sees what the scan rejects", async (t) => {
  const sandbox = await openSandbox(t);
  const gtube = "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X";
  const id = await sandbox.send({ markdown: gtube });
  sandbox.advance();
  assert.equal(await sandbox.statusOf(id), "send_failed");
  assert.deepEqual(await sandbox.outbox(), []);
});

test("matchesAllowlist() knows addresses and whole domains, and nothing that only looks like them", async (t) => {
  const cases: readonly [pattern: string, address: string, want: boolean][] = [
    ["a@x.example", "a@x.example", true],
    ["a@x.example", "A@X.EXAMPLE", true],
    ["*@x.example", "anyone@x.example", true],
    ["*@X.example", "anyone@x.EXAMPLE", true],
    ["*@x.example", "anyone@sub.x.example", false],
    ["*@x.example", "anyone@x.example.evil.example", false],
    ["*@x.example", "anyone@notx.example", false],
    ["a@x.example", "a+tag@x.example", false],
    ["a@x.example", "ba@x.example", false],
    ["*", "a@x.example", false],
    ["*@*", "a@x.example", false],
  ];
  for (const [pattern, address, want] of cases) {
    await t.test(`${pattern} and ${address}`, () => {
      const entry: AllowlistEntry = { id: "1", pattern, addedBy: "o", addedAt: 0, note: null };
      assert.equal(matchesAllowlist([entry], address), want);
    });
  }
});
