import assert from "node:assert/strict";
import { test } from "node:test";
import { parseSend } from "../../action/mod.ts";
import { loadPolicies } from "../../policy/mod.ts";
import { decide } from "../decide.ts";

const NOW = Date.parse("2026-11-23T10:00:00Z");
const DAY_MS = 86_400_000;

/** Whether an email that is asked for at `askedAt`, and judged now, may leave so many milliseconds after now. */
function mayLeave(
  ahead: number,
  { atMost = "", askedAt }: { atMost?: string; askedAt?: number } = {},
): boolean {
  const team = `team: ops
mailbox: { id: mbx-ops, address: ops@acme.multimail.dev }
oversight: monitored
assistants: [{ id: writer }]
recipients: { external: allow }
`;
  const files = {
    "ops.yaml": team,
    ...(atMost && { "_organisation.yaml": `send_at: { at_most: ${atMost} }\n` }),
  };
  const loaded = loadPolicies(
    Object.entries(files).map(([name, text]) => ({
      name,
      file: name,
      bytes: new TextEncoder().encode(text),
    })),
    { sha256: () => "" },
  );
  assert.ok(loaded.ok);
  const send_at = new Date(NOW + ahead).toISOString();
  const action = parseSend({ to: "ann@client.example", subject: "Hello", body: "Hello", send_at });
  const { effect, findings } = decide(loaded.policies, action, {
    ...{ now: NOW, team: "ops", assistant: "writer", ...(askedAt !== undefined && { askedAt }) },
    live: { oversight: "monitored", allowlist: [], active: true, seenAt: NOW },
  });
  assert.equal(
    effect === "deny",
    findings.some(({ rule }) => rule === "send_at"),
  );
  return effect === "allow";
}

test("send_at takes times up to at_most, which is 30 days where the organisation says nothing", () => {
  assert.deepEqual([mayLeave(30 * DAY_MS), mayLeave(30 * DAY_MS + 1)], [true, false]);
  assert.deepEqual(
    [2, 2.001, 40].map((days) => mayLeave(days * DAY_MS, { atMost: "2d" })),
    [true, false, false],
  );
  assert.deepEqual(
    [31, 60.001].map((days) => mayLeave(days * DAY_MS, { atMost: "60d" })),
    [true, false],
  );
});

test("send_at takes a time that is past by the minute by which clocks differ, and no more", () => {
  assert.deepEqual(
    [-1, -60_000, -60_001].map((ahead) => mayLeave(ahead)),
    [true, true, false],
  );
});

test("send_at is judged from when the email was asked for, whenever it is judged again", () => {
  const askedAt = NOW - 2 * DAY_MS;
  assert.deepEqual(
    [-DAY_MS, -2 * DAY_MS - 60_001].map((ahead) => mayLeave(ahead, { askedAt })),
    [true, false],
  );
  assert.deepEqual(
    [28, 28.001].map((days) => mayLeave(days * DAY_MS, { askedAt })),
    [true, false],
  );
});
