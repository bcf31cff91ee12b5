import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { loadPolicies, type TeamPolicy } from "../../policy/mod.ts";
import type { LiveMailbox } from "../context.ts";
import { liveDifferences } from "./mailbox_verified.ts";

const POLICY = policyOf(`
team: ops
mailbox: { id: mbx-ops, address: Ops@acme.multimail.dev }
oversight: monitored
assistants: [{ id: writer }]
recipients: { internal: [acme.example], external: deny }
`);
const LIVE: LiveMailbox = { oversight: "monitored", allowlist: [], active: true, seenAt: 0 };

test("liveDifferences() takes what MultiMail does not say for what is declared", () => {
  assert.deepEqual(liveDifferences(POLICY, LIVE), []);
});

test("liveDifferences() names another address, whatever its case, and sending that is disabled", async (t) => {
  const cases: readonly [Partial<LiveMailbox>, readonly string[]][] = [
    [{ address: "ops@ACME.multimail.dev" }, []],
    [{ address: "sales@acme.multimail.dev" }, ["mailbox.address"]],
    [{ sendingDisabled: false }, []],
    [{ sendingDisabled: true }, ["mailbox"]],
    [{ forwardsInbound: true }, []],
  ];
  for (const [live, want] of cases) {
    await t.test(JSON.stringify(live), () => {
      const paths = liveDifferences(POLICY, { ...LIVE, ...live }).map(({ path }) => path);
      assert.deepEqual(paths, want);
    });
  }
});

test("liveDifferences() never repeats an address that MultiMail shows", () => {
  const spied = { ...LIVE, address: "spy@evil.example", autoBcc: "spy@evil.example" };
  assert.ok(!JSON.stringify(liveDifferences(POLICY, spied)).includes("spy"));
});

function policyOf(text: string): TeamPolicy {
  const files = [{ name: "ops.yaml", file: "teams/ops.yaml", bytes: new TextEncoder().encode(text) }];
  const result = loadPolicies(files, {
    sha256: (bytes) => createHash("sha256").update(bytes).digest("hex"),
  });
  const policy = result.ok ? result.policies.teams.get("ops") : undefined;
  assert.ok(policy);
  return policy;
}
