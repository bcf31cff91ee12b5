import assert from "node:assert/strict";
import { test } from "node:test";
import { loadPolicies, type TeamPolicy } from "../policy/mod.ts";
import { instantsOf } from "./instants.ts";

const NOW = Date.parse("2026-11-23T00:00:00Z");

test("instantsOf() finds when hours come near enough for email to be scheduled, where others' do not", () => {
  const policies = [policyOf("08:00", "09:00"), policyOf("17:00", "18:00")];
  const { instants, signatureOf } = instantsOf(policies, {
    assistant: "writer",
    now: NOW,
    hoursMatter: true,
  });
  const known = new Set(instants.map(signatureOf));
  // One is just before the second's hours begin, at no edge of any window.
  for (const time of ["06:00", "08:30", "12:00", "15:00", "16:59", "17:30", "20:00"])
    assert.ok(known.has(signatureOf(Date.parse(`2026-11-24T${time}:00Z`))), time);
});

/** The policy of a team that sends in these hours, and schedules nothing for more than two hours later. */
function policyOf(from: string, to: string): TeamPolicy {
  const team = `team: ops
mailbox: { id: mbx-ops, address: ops@acme.multimail.dev }
oversight: monitored
assistants: [{ id: writer }]
recipients: { external: allow }
hours: { days: mon-sun, from: "${from}", to: "${to}", timezone: UTC, outside: schedule }
`;
  const files = { "ops.yaml": team, "_organisation.yaml": "send_at: { at_most: 2h }\n" };
  const result = loadPolicies(
    Object.entries(files).map(([name, text]) => ({
      name,
      file: name,
      bytes: new TextEncoder().encode(text),
    })),
    { sha256: () => "" },
  );
  return (result.ok && result.policies.teams.get("ops")) || assert.fail(JSON.stringify(result));
}
