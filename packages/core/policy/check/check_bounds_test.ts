import assert from "node:assert/strict";
import { test } from "node:test";
import { loadPolicies } from "../load_policies.ts";
import { formatProblem } from "../policy_problem.ts";

const ORGANISATION = `internal: [acme.example, "*.acme.example"]
oversight: { most_permissive: gated_send }
recipients: { external: require_approval, deny: ["*@rival.example"] }
content: { block: [private_key], flag: [], unscannable: flag }
attachments: { allow: [application/pdf, text/csv], max_count: 3, max_bytes: 2MB }
limits: { per_assistant: 50/day, per_recipient: 5/hour, per_domain: 20/day, team: 100/hour }
approvers_domain: acme.example
`;

test("checkBounds() finds where a team is looser than the organisation, and nothing else", async (t) => {
  const cases: readonly (readonly [yaml: string, wanted: string | undefined])[] = [
    ["oversight: monitored", "5:12 oversight"],
    ["oversight: autonomous", "5:12 oversight"],
    ["oversight: gated_send", undefined],
    ["oversight: gated_all", undefined],
    ["oversight: read_only", undefined],
    ["recipients: { external: allow }", "5:25 recipients.external"],
    ["recipients: { external: require_approval }", undefined],
    ["recipients: { external: deny }", undefined],
    ["recipients: { internal: [acme.example, client.example] }", "5:40 recipients.internal[1]"],
    ['recipients: { internal: ["*.client.example"] }', "5:26 recipients.internal[0]"],
    ["recipients: { internal: [notacme.example] }", "5:26 recipients.internal[0]"],
    ["recipients: { internal: [acme.example.client.example] }", "5:26 recipients.internal[0]"],
    [
      'recipients: { internal: [acme.example, "*.acme.example", "*.eu.acme.example", Paris.ACME.example.] }',
      undefined,
    ],
    ["recipients: { internal: [] }", undefined],
    ["recipients: { deny: [] }", undefined],
    ["content: { unscannable: allow }", "5:25 content.unscannable"],
    ["content: { unscannable: flag }", undefined],
    ["content: { unscannable: deny }", undefined],
    ["rules: { content.unscannable: warn }", "5:31 rules.content.unscannable"],
    ["attachments: { allow: [application/pdf, application/zip] }", "5:41 attachments.allow[1]"],
    ["attachments: { allow: [text/csv], max_count: 4 }", "5:46 attachments.max_count"],
    ["attachments: { allow: [text/csv], max_bytes: 3MB }", "5:46 attachments.max_bytes"],
    ["attachments: { allow: [text/csv], max_count: 3, max_bytes: 1999KB }", undefined],
    ["attachments: { allow: [] }", undefined],
    ["limits: { per_assistant: 51/day }", "5:26 limits.per_assistant"],
    ["limits: { per_assistant: 51/hour }", "5:26 limits.per_assistant"],
    ["limits: { per_assistant: 50/minute }", undefined],
    ["limits: { per_assistant: 50/day }", undefined],
    ["limits: { per_recipient: 121/day }", "5:26 limits.per_recipient"],
    ["limits: { per_recipient: 120/day }", undefined],
    ["limits: { per_domain: 21/day }", "5:23 limits.per_domain"],
    ["limits: { per_domain: 140/week }", undefined],
    ["limits: { per_domain: 141/week }", "5:23 limits.per_domain"],
    ["limits: { team: 101/hour }", "5:17 limits.team"],
    ["limits: { team: 1000/day }", undefined],
    ["content: { block: [], flag: [] }", undefined],
    ["rules: { content.block: warn }", "5:25 rules.content.block"],
    ["rules: { content.flag: warn }", undefined],
    ["rules: { recipients.external: warn }", "5:31 rules.recipients.external"],
    ["rules: { limits: warn }", "5:18 rules.limits"],
    ["rules: { attachments: warn }", "5:23 rules.attachments"],
    ["rules: { limits: enforce, hours: warn, recipients.allow: warn }", undefined],
    [
      "exceptions: [{ rule: content.block, reason: A reason, owner: lead@acme.example, expires: 2026-12-31 }]",
      "5:22 exceptions[0].rule",
    ],
    [
      "exceptions: [{ rule: recipients.allow, reason: A reason, owner: lead@acme.example, expires: 2026-12-31 }]",
      undefined,
    ],
  ];
  for (const [yaml, wanted] of cases) await t.test(yaml, () => assert.equal(found(yaml)[0], wanted));
});

test("checkBounds() looks at each assistant's limits", () => {
  assert.deepEqual(
    found(
      "",
      "{ id: writer, limits: { per_assistant: 60/day, per_recipient: 5/minute, per_domain: 21/day } }",
    ),
    ["4:53 assistants[0].limits.per_assistant", "4:98 assistants[0].limits.per_domain"],
  );
});

test("checkBounds() names the bound and its place", () => {
  const result = load("oversight: autonomous", ORGANISATION);
  assert.deepEqual(result, [
    'teams/a.yaml:5:12: Looser than the organisation (teams/_organisation.yaml:2:31): it allows "gated_send" at most (oversight)',
  ]);
});

test("checkBounds() compares values that are fine although others are not", () => {
  const result = load(
    "recipients: { external: allow, internal: [client.example], deny: 1 }",
    ORGANISATION.replace("gated_send", "gatd_send"),
  );
  assert.deepEqual(
    result.map((line) => /\(([^()]*)\)$/.exec(line)?.[1]),
    ["oversight.most_permissive", "recipients.external", "recipients.internal[0]", "recipients.deny"],
  );
});

test("checkBounds() takes no bound from an organisation that sets none", () => {
  const loosest = `oversight: autonomous
recipients: { external: allow, internal: [anybody.example] }
attachments: { allow: [application/zip], max_count: 50, max_bytes: 50MB }
limits: { team: 1000000/minute }
rules: { content.block: warn, recipients.external: warn, limits: warn, attachments: warn }`;
  assert.deepEqual(
    load(loosest, "recipients: { external: allow }\ncontent: { block: [] }\nlimits: {}\nattachments: {}\n"),
    [],
  );
  assert.deepEqual(load(loosest, undefined), []);
});

test("checkTeam() wants approvers at the organisation's domain", () => {
  const text = (approver: string): string =>
    `team: a\nmailbox: { id: m, address: a@x.example }\napprovers: [${approver}]\nassistants: []\n`;
  const problems = (approver: string): readonly string[] =>
    loadTexts({ "a.yaml": text(approver), "_organisation.yaml": ORGANISATION });
  assert.deepEqual(problems("Lead@ACME.example"), []);
  for (const approver of [
    "lead@agency.example",
    "lead@acme.example.agency.example",
    "lead@sub.acme.example",
    "lead@notacme.example",
  ]) {
    assert.deepEqual(problems(approver), [
      'teams/a.yaml:3:13: Approver must be at "acme.example", as the organisation demands (approvers[0])',
    ]);
  }
});

test("checkTeam() wants approvers when the organisation's bound makes the team gated", () => {
  const text = "team: a\nmailbox: { id: m, address: a@x.example }\nassistants: []\n";
  const organisation = "oversight: { most_permissive: gated_all }\n";
  assert.deepEqual(loadTexts({ "a.yaml": text, "_organisation.yaml": organisation }), [
    'teams/a.yaml:1:1: Missing approvers: under "gated_all" email waits for one of them (approvers)',
  ]);
});

function found(yaml: string, assistant?: string): readonly string[] {
  return load(yaml, ORGANISATION, assistant).map((line) => {
    const [, place, path] = /^teams\/a.yaml:(\d+:\d+): Looser than .* \(([^ ]+)\)$/.exec(line) ?? [];
    return `${place} ${path}`;
  });
}

function load(
  yaml: string,
  organisation: string | undefined,
  assistant = "{ id: writer }",
): readonly string[] {
  const text = `team: a\nmailbox: { id: m, address: a@x.example }\napprovers: [lead@acme.example]\nassistants: [${assistant}]\n${yaml}\n`;
  return loadTexts({
    "a.yaml": text,
    ...(organisation !== undefined && { "_organisation.yaml": organisation }),
  });
}

function loadTexts(texts: Readonly<Record<string, string>>): readonly string[] {
  const result = loadPolicies(
    Object.entries(texts).map(([name, text]) => ({
      name,
      file: `teams/${name}`,
      bytes: new TextEncoder().encode(text),
    })),
    { sha256: () => "" },
  );
  return result.ok ? [] : result.problems.map(formatProblem);
}
