import assert from "node:assert/strict";
import { test } from "node:test";
import { formatWhere, loadPolicies, type PolicySet } from "../policy/mod.ts";
import { diffPolicies } from "./diff_policies.ts";

const ORGANISATION = "notify: { channels: { chat: { kind: slack, url_env: NOTIFY_CHAT } } }\n";
const TEAM = `team: ops
mailbox: { id: mbx-ops, address: ops@acme.multimail.dev }
oversight: gated_all
approval: { by: [lead@acme.example] }
assistants: [{ id: writer }]
recipients: { internal: [acme.example] }
`;

test("diffPolicies() names the line of the channel by which people are told", async () => {
  const { changes } = await diffPolicies(load(`${TEAM}notify: chat\n`), load(TEAM), {
    now: Date.parse("2026-11-23T10:00:00Z"),
  });
  const [change] = changes;
  assert.match(change?.sentence ?? "", /no longer told by the channel "chat"/);
  assert.equal(change?.before && formatWhere(change.before), "ops.yaml:7:9");
});

function load(team: string): PolicySet {
  const files = Object.entries({ "ops.yaml": team, "_organisation.yaml": ORGANISATION }).map(
    ([name, text]) => ({ name, file: name, bytes: new TextEncoder().encode(text) }),
  );
  const result = loadPolicies(files, { sha256: () => "" });
  return result.ok ? result.policies : assert.fail(JSON.stringify(result.problems));
}
