import assert from "node:assert/strict";
import { test } from "node:test";
import { loadPolicies } from "../load_policies.ts";
import { formatProblem } from "../policy_problem.ts";

const HEAD = "team: a\nmailbox: { id: mbx-a, address: a@acme.example }\n";
const ORGANISATION = `groups:
  suppliers: ["*@suppliers.example", billing@partner.example]
  partners: [group:suppliers, "*@partner.example"]
roles: { leads: [lead@acme.example, boss@elsewhere.example] }
`;

/** A team's file from its third line on, and what is wrong with it. */
const CASES: Readonly<Record<string, readonly [team: string, wanted: readonly string[]]>> = {
  "a group wherever recipients are listed": [
    `approvers: [role:leads]
assistants: [{ id: w, recipients: { allow: [group:own] } }]
groups: { own: [group:partners, x@own.example] }
recipients: { allow: [group:own, group:suppliers], deny: [group:suppliers] }
exceptions: [{ rule: overlap, recipients: [group:partners], reason: x, owner: lead@acme.example, expires: 2026-12-31 }]
`,
    [],
  ],
  "names that nothing bears": [
    `approvers: [role:lead, role:nobody]
assistants: [{ id: w, recipients: { allow: [group:supplier] } }]
groups: { own: [group:partner] }
recipients: { allow: [group:clients], deny: ["group:Own"] }
exceptions: [{ rule: overlap, recipients: [group:nobody], reason: x, owner: lead@acme.example, expires: 2026-12-31 }]
`,
    [
      'teams/a.yaml:3:13: Unknown role "lead": did you mean "leads"? (approvers[0])',
      'teams/a.yaml:3:24: Unknown role "nobody": no role is called that (approvers[1])',
      'teams/a.yaml:4:45: Unknown group "supplier": did you mean "suppliers"? (assistants[0].recipients.allow[0])',
      'teams/a.yaml:5:17: Unknown group "partner": did you mean "partners"? (groups.own[0])',
      'teams/a.yaml:6:23: Unknown group "clients": no group is called that (recipients.allow[0])',
      'teams/a.yaml:6:46: Must be a group\'s name after "group:": lower-case letters, digits and hyphens, such as "group:suppliers" (recipients.deny[0])',
      'teams/a.yaml:7:44: Unknown group "nobody": no group is called that (exceptions[0].recipients[0])',
    ],
  ],
  "the organisation's name for a group": [
    "approvers: [x@acme.example]\nassistants: []\ngroups: { suppliers: [x@own.example] }\n",
    [
      "teams/a.yaml:5:11: Group must have another name: the organisation has one (teams/_organisation.yaml:2:14) (groups.suppliers)",
    ],
  ],
  "groups that hold themselves": [
    `approvers: [x@acme.example]
assistants: []
groups:
  one: [x@own.example, group:two]
  two: [group:three]
  three: [group:one, group:own]
  own: [group:own]
  above: [group:one]
`,
    [
      "teams/a.yaml:8:11: Group must not hold itself: group:one → group:two → group:three → group:one (groups.three[0])",
      "teams/a.yaml:9:9: Group must not hold itself: group:own → group:own (groups.own[0])",
    ],
  ],
  "groups that are nested too deep": [
    `approvers: [x@acme.example]\nassistants: []\ngroups:\n  g0: [x@own.example]\n${Array.from({ length: 12 }, (_, i) => `  g${i + 1}: [group:g${i}]\n`).join("")}`,
    ["teams/a.yaml:16:9: Groups must not be nested more than 10 deep (groups.g10[0])"],
  ],
  "a group where a team's allowlist at MultiMail is said": [
    "approvers: [x@acme.example]\nassistants: []\nrecipients: { skip_approval: [group:suppliers] }\n",
    [
      "teams/a.yaml:5:31: Must be an address or a pattern, not a group: MultiMail's allowlist must be exactly this list, so one edit of a group would stop every mailbox that has it until their allowlists are changed by hand (recipients.skip_approval[0])",
    ],
  ],
  "a space after the colon, and lists of nobody": [
    "approvers: [role: leads]\nassistants: []\ngroups: { own: [] }\nrecipients: { allow: [group: suppliers] }\n",
    [
      'teams/a.yaml:3:13: Must be text, got a map: write "role:" and the name without a space between them (approvers[0])',
      "teams/a.yaml:5:16: Must not be empty: name somebody, or leave the list out (groups.own)",
      'teams/a.yaml:6:23: Must be text, got a map: write "group:" and the name without a space between them (recipients.allow[0])',
    ],
  ],
};

for (const [what, [team, wanted]] of Object.entries(CASES)) {
  test(`checkNames() judges ${what}`, () =>
    assert.deepEqual(problems(`${HEAD}${team}`, ORGANISATION), wanted));
}

test("checkNames() holds the people of a role to the domain at which approvers must be", () => {
  const team = `${HEAD}approvers: [role:leads]\nassistants: []\n`;
  assert.deepEqual(problems(team, `${ORGANISATION}approvers_domain: acme.example\n`), [
    'teams/a.yaml:3:13: Approver must be at "acme.example", as the organisation demands, and the role has another (teams/_organisation.yaml:4:37) (approvers[0])',
  ]);
});

test("checkNames() lets the organisation's groups hold its own only, and bounds what groups bring into lists", () => {
  const team = `${HEAD}approvers: [x@acme.example]\nassistants: []\ngroups: { own: [x@own.example] }\n`;
  assert.deepEqual(problems(team, "groups: { all: [group:own] }\nrecipients: { deny: [group:al] }\n"), [
    'teams/_organisation.yaml:1:17: Unknown group "own": no group is called that (groups.all[0])',
    'teams/_organisation.yaml:2:22: Unknown group "al": did you mean "all"? (recipients.deny[0])',
  ]);
  const many = Array.from({ length: 11_000 }, (_, i) => `u${i}@x.example`).join();
  assert.deepEqual(
    problems(
      `${team}recipients: { allow: [group:many], deny: [group:twice] }\n`,
      `groups: { many: [${many}], twice: [group:many] }\n`,
    ),
    [
      "teams/a.yaml:6:43: Must be a smaller group: groups bring 20000 recipients at most into a file's lists, got 22000 with this one (recipients.deny[0])",
    ],
  );
});

test("checkNames() says nothing of names while the organisation's file cannot be read", () => {
  const team = `${HEAD}approvers: [role:leads]\nassistants: []\nrecipients: { allow: [group:suppliers] }\n`;
  assert.equal(
    problems(team, "groups: [\n").some((line) => line.includes("Unknown")),
    false,
  );
  assert.equal(problems(team, undefined).length, 2);
});

function problems(team: string, organisation: string | undefined): readonly string[] {
  const file = (name: string, text: string) => ({
    ...{ name, file: `teams/${name}` },
    bytes: new TextEncoder().encode(text),
  });
  const files = [
    file("a.yaml", team),
    ...(organisation === undefined ? [] : [file("_organisation.yaml", organisation)]),
  ];
  const result = loadPolicies(files, { sha256: () => "" });
  return result.ok ? [] : result.problems.map(formatProblem);
}
