import assert from "node:assert/strict";
import { test } from "node:test";
import { loadPolicies, type PolicySet, RULE_NAMES, type RuleName } from "../policy/mod.ts";
import { diffPolicies } from "./diff_policies.ts";

const NOW = Date.parse("2026-11-23T10:00:00Z");

const TEAM = `team: ops
mailbox: { id: mbx-ops, address: ops@acme.multimail.dev }
oversight: gated_send
approval:
  by: [lead@acme.example, cfo@acme.example, ceo@acme.example]
  needed: 2
  classes: [{ when: { content: [us_ssn] }, needed: 3 }]
assistants:
  - id: writer
    actions: [send, reply, inbox]
    users: { sign_in: required, allow: [ana@acme.example], with_key: true }
recipients:
  internal: [acme.example]
  external: require_approval
  skip_approval: ["*@acme.example"]
  allow: ["*@acme.example", "*@client.example", "*@rival.example"]
  deny: ["*@rival.example"]
  max_per_email: 3
content: { block: [credit_card], flag: [iban], unscannable: deny }
attachments: { allow: [text/plain, application/pdf], max_count: 2, max_bytes: 1KB }
limits: { per_assistant: 5/day, team: 50/day }
hours: { days: mon-fri, from: "08:00", to: "18:00", timezone: UTC, outside: deny }
overlap: { window: 24h, similarity: 0.6, action: deny }
first_contact: flag
after_outside_mail: { window: 1h, new_external: deny }
compose: { subject_prefix: "[Acme] ", footer: "Acme SA" }
require: { body: '(?i)case \\d{4}' }
`;

/** One edit or several of the team's file, each of which lets more through, and what the diff says of it. */
const LOOSENED: Readonly<Record<RuleName, readonly (readonly [string, string, RegExp])[] | "no policy">> = {
  users: [
    ["allow: [ana@acme.example]", "allow: [ana@acme.example, bob@acme.example]", /bob@acme\.example asks/],
    ["with_key: true", "with_key: false", /without the assistant's key/],
    [
      "    users: { sign_in: required, allow: [ana@acme.example], with_key: true }\n",
      "",
      /nobody signed in|asks/,
    ],
  ],
  request: "no policy",
  actions: [["[send, reply, inbox]", "[send, reply, inbox, read]", /writer may newly use read/]],
  mailbox: [["id: mbx-ops", "id: mbx-other", /acts in another mailbox/]],
  "mailbox.verified": [],
  "mailbox.stopped": "no policy",
  oversight: [],
  reply: "no policy",
  send_at: [],
  compose: [
    [', footer: "Acme SA"', "", /No longer true of every email: it ends with "Acme SA"/],
    [', footer: "Acme SA"', "", /although its body is nearly as long as an email's may be/],
  ],
  require: [["require: { body: '(?i)case \\d{4}' }\n", "", /does not say what matches/]],
  "recipients.address": "no policy",
  "recipients.deny": [['deny: ["*@rival.example"]', "deny: []", /may newly write to \*@rival\.example/]],
  "recipients.allow": [
    ['"*@client.example", "*@rival', '"*@client.example", "*@new.example", "*@rival', /\*@new\.example/],
  ],
  "recipients.external": [["external: require_approval", "external: allow", /^$/]],
  "recipients.max_per_email": [["max_per_email: 3", "max_per_email: 4", /more than 3 recipients/]],
  "content.block": [
    ["block: [credit_card]", "block: []", /newly let through, .* although it holds credit_card/],
  ],
  "content.flag": [["flag: [iban]", "flag: []", /without a person|no longer told that it holds iban/]],
  "content.unscannable": [["unscannable: deny", "unscannable: allow", /a file that nobody can read/]],
  attachments: [
    ["[text/plain, application/pdf]", "[text/plain, application/pdf, text/csv]", /type text\/csv/],
    ["max_count: 2", "max_count: 3", /more than 2 files/],
    ["max_bytes: 1KB", "max_bytes: 2KB", /more than 1 KB/],
  ],
  "attachments.unsafe": "no policy",
  approval: [
    ["needed: 3", "needed: 2", /needs the approval of 2 of .* instead of 3 of .* if it holds us_ssn/],
    ["  needed: 2", "  needed: 1", /needs the approval of 1 of .* instead of 2 of/],
    [", ceo@acme.example]", ", ceo@acme.example, intern@acme.example]", /intern@acme\.example/],
  ],
  limits: [
    ["per_assistant: 5/day", "per_assistant: 6/day", /this assistant has sent 5 emails in the last day/],
    ["team: 50/day", "team: 50/hour", /the team has sent 50 emails in the last day/],
  ],
  hours: [
    ['to: "18:00"', 'to: "19:00"', /2026-11-23T18:00Z/],
    ["outside: deny", "outside: schedule", /at times such as/],
  ],
  overlap: [
    ["similarity: 0.6", "similarity: 0.9", /a colleague wrote something like it/],
    ["window: 24h", "window: 1h", /1 hour ago/],
  ],
  first_contact: [["first_contact: flag", "first_contact: allow", /somebody new is written to/]],
  after_outside_mail: [
    ["window: 1h, new", "window: 30m, new", /30 minutes after mail from outside/],
    ["new_external: deny", "new_external: allow", /just after mail from outside/],
  ],
};

for (const [rule, edits] of Object.entries(LOOSENED)) {
  if (edits === "no policy" || edits.length === 0) continue;
  test(`diffPolicies() finds what loosens ${rule}, and shows it`, async (t) => {
    for (const [from, to, said] of edits) {
      await t.test(`${from.trim()} → ${to.trim()}`, async () => {
        assert.ok(TEAM.includes(from));
        const { changes } = await diffPolicies(load(TEAM), load(TEAM.replace(from, to)), { now: NOW });
        const wider = changes.filter(({ direction }) => direction === "wider");
        const sentences = wider.map(({ verdict, sentence }) => `${verdict}: ${sentence}`).join("\n");
        if (said.source === "^$") return assert.equal(sentences, "", "Nobody outside is let through unheld");
        assert.match(sentences, said);
        assert.ok(
          wider.some(({ verdict, sentence }) => verdict !== "not_decided" && said.test(sentence)),
          sentences,
        );
        if (rule === "mailbox") return;
        // The same the other way round lets nothing more through.
        const back = await diffPolicies(load(TEAM.replace(from, to)), load(TEAM), { now: NOW });
        assert.ok(back.changes.some(({ direction }) => direction === "tighter"));
      });
    }
  });
}

test("diffPolicies() says what another mode means for email that comes in, which no request shows", async () => {
  const gated = TEAM.replace('  skip_approval: ["*@acme.example"]\n', "");
  const all = gated.replace("oversight: gated_send", "oversight: gated_all");
  const { changes } = await diffPolicies(load(all), load(gated), { now: NOW });
  assert.deepEqual(
    changes.map(({ direction, verdict }) => [direction, verdict]),
    [["wider", "stated"]],
  );
  assert.match(changes[0]?.sentence ?? "", /^Oversight is gated_send: .* shown at once\. It was gated_all/);
});

test("diffPolicies() says nothing of policies that decide alike", async () => {
  const moved = `# Another line\n${TEAM}`.replace(
    '["*@acme.example", "*@client.example"',
    '["*@client.example", "*@acme.example"',
  );
  assert.deepEqual(await diffPolicies(load(TEAM), load(moved), { now: NOW }), { changes: [] });
});

test("every rule that a policy can loosen is loosened here", () => {
  for (const [rule, edits] of Object.entries(LOOSENED))
    if (RULE_NAMES[rule as RuleName].optional) assert.notEqual(edits, "no policy", rule);
});

function load(text: string): PolicySet {
  const result = loadPolicies(
    [{ name: "ops.yaml", file: "teams/ops.yaml", bytes: new TextEncoder().encode(text) }],
    { sha256: () => "" },
  );
  assert.ok(result.ok, JSON.stringify(result));
  return result.policies;
}
