import assert from "node:assert/strict";
import { test } from "node:test";
import { isEmailAction, MAX_MARKDOWN, MAX_RECIPIENTS, MAX_SUBJECT, parseSend } from "../../action/mod.ts";
import { loadPolicies } from "../../policy/mod.ts";
import { composeEmail } from "../compose_email.ts";
import { decide } from "../decide.ts";

const PREFIX = "[Acme] ";
const FOOTER = "Acme SA";
const TEAM = `team: ops
mailbox: { id: mbx-ops, address: ops@acme.multimail.dev }
oversight: monitored
assistants: [{ id: writer }]
recipients: { external: allow, max_per_email: 150 }
compose: { subject_prefix: "${PREFIX}", footer: ${FOOTER}, cc: [records@acme.example] }
`;

/** What the rule has to say against an email. */
function problems(email: object): readonly string[] {
  const file = { name: "ops.yaml", file: "teams/ops.yaml", bytes: new TextEncoder().encode(TEAM) };
  const loaded = loadPolicies([file], { sha256: () => "" });
  assert.ok(loaded.ok);
  const asked = parseSend({ to: "ann@client.example", subject: "Hello", body: "Hello", ...email });
  const team = loaded.policies.teams.get("ops") ?? assert.fail();
  assert.ok(isEmailAction(asked), JSON.stringify(asked));
  const { findings } = decide(loaded.policies, composeEmail(team, asked, undefined), {
    ...{ now: 0, team: "ops", assistant: "writer" },
    live: { oversight: "monitored", allowlist: [], active: true, seenAt: 0 },
  });
  return findings
    .filter(({ rule, effect }) => rule === "compose" && effect === "deny")
    .map(({ message }) => message);
}

test("compose denies what is one character too long with what the policy adds, and nothing shorter", () => {
  const subject = "s".repeat(MAX_SUBJECT - PREFIX.length);
  assert.deepEqual(problems({ subject }), []);
  assert.deepEqual(problems({ subject: `${subject}s` }), ["The subject is too long with its prefix"]);
  const body = "b".repeat(MAX_MARKDOWN - FOOTER.length - 2);
  assert.deepEqual(problems({ body }), []);
  assert.deepEqual(problems({ body: `${body}b` }), ["The text is too long with the footer"]);
});

test("compose denies an email that has one recipient too many with its copies", () => {
  const people = (count: number) => Array.from({ length: count }, (_, n) => `p${n}@client.example`);
  assert.deepEqual(problems({ cc: people(MAX_RECIPIENTS - 1) }), []);
  assert.deepEqual(problems({ cc: people(MAX_RECIPIENTS) }), [
    "With its copies the email has too many recipients",
  ]);
  // There is nobody to add.
  const cc = [...people(MAX_RECIPIENTS - 1), "records@acme.example"];
  assert.deepEqual(problems({ cc }), []);
  assert.deepEqual(problems({ bcc: people(MAX_RECIPIENTS) }), []);
});
