import assert from "node:assert/strict";
import { test } from "node:test";
import { loadPolicies } from "../load_policies.ts";
import { formatProblem } from "../policy_problem.ts";

const LIST = `mailboxes:
  a: { id: mbx-a, address: a@acme.example }
  b: { id: mbx-b, address: b@acme.example, api_key_env: MULTIMAIL_API_KEY_B }
`;

const team = (name: string, mailbox: string, more = "") =>
  `team: ${name}\nmailbox: { ${mailbox} }\napprovers: [lead@acme.example]\nassistants: []\n${more}`;

/** A team's mailbox, and what is wrong with it where the organisation lists mailboxes. */
const CASES: readonly (readonly [name: string, mailbox: string, wanted: string | undefined])[] = [
  ["a", "id: mbx-a, address: a@acme.example", undefined],
  ["a", "id: mbx-a, address: A@ACME.example, api_key_env: MULTIMAIL_API_KEY", undefined],
  ["b", "id: mbx-b, address: b@acme.example, api_key_env: MULTIMAIL_API_KEY_B", undefined],
  [
    "a",
    "id: mbx-b, address: a@acme.example",
    'teams/a.yaml:2:16: Must be "mbx-a", as the organisation lists it (teams/_organisation.yaml:2) (mailbox.id)',
  ],
  [
    "a",
    "id: mbx-a, address: b@acme.example",
    'teams/a.yaml:2:32: Must be "a@acme.example", as the organisation lists it (teams/_organisation.yaml:2) (mailbox.address)',
  ],
  [
    "b",
    "id: mbx-b, address: b@acme.example",
    'teams/b.yaml:2:10: Must be "MULTIMAIL_API_KEY_B", as the organisation lists it (teams/_organisation.yaml:3) (mailbox)',
  ],
  [
    "a",
    "id: mbx-a, address: a@acme.example, api_key_env: MULTIMAIL_API_KEY_B",
    'teams/a.yaml:2:61: Must be "MULTIMAIL_API_KEY", as the organisation lists it (teams/_organisation.yaml:2) (mailbox.api_key_env)',
  ],
  [
    "c",
    "id: mbx-c, address: c@acme.example",
    "teams/c.yaml:2:10: The organisation lists mailboxes (teams/_organisation.yaml:2), and none for this team (mailbox)",
  ],
];

test("checkMailbox() finds a team with another mailbox, or another key, than the organisation lists", async (t) => {
  for (const [name, mailbox, wanted] of CASES) {
    await t.test(`${name} { ${mailbox} }`, () => {
      const files = { "_organisation.yaml": LIST, [`${name}.yaml`]: team(name, mailbox) };
      const found = problems(files).map((line) => line.replace(/(_organisation\.yaml:\d+):\d+/, "$1"));
      assert.deepEqual(found, wanted === undefined ? [] : [wanted]);
      assert.deepEqual(problems({ [`${name}.yaml`]: team(name, mailbox) }), []);
    });
  }
});

test("checkListedMailboxes() finds a mailbox that is given to two teams", () => {
  const list = LIST.replace("id: mbx-b", "id: mbx-a").replace("b@acme", "A@acme");
  const found = problems({
    "_organisation.yaml": list,
    "a.yaml": team("a", "id: mbx-a, address: a@acme.example"),
  });
  assert.deepEqual(
    found.map((line) => line.replace(/: see .*?\(/, " (")),
    [
      "teams/_organisation.yaml:3:12: Mailbox is given to two teams (mailboxes.b.id)",
      "teams/_organisation.yaml:3:28: Mailbox is given to two teams (mailboxes.b.address)",
    ],
  );
});

test("a variable of a team's is one for keys that MultiMail takes, whatever else the environment holds", () => {
  for (const name of [
    "DATABASE_URL",
    "AWS_SECRET_ACCESS_KEY",
    "MULTIMAIL_ADMIN_KEY",
    "MULTIMAIL_OVERSIGHT_KEY",
    "MULTIMAIL_API_KEYS",
    "MULTIMAIL_API_URL",
    "MULTIMAIL_API_KEY_",
    "MY_MULTIMAIL_API_KEY",
  ]) {
    const files = { "a.yaml": team("a", `id: m, address: a@acme.example, api_key_env: ${name}`) };
    assert.match(
      problems(files).join(),
      /^teams\/a\.yaml:2:\d+: Must be "MULTIMAIL_API_KEY" or begin with/,
      name,
    );
  }
});

test("a bound on people outside needs the organisation's own list of who is inside", () => {
  const inside = "recipients: { internal: [client.example] }\n";
  const a = team("a", "id: m, address: a@acme.example", inside);
  for (const [organisation, count] of [
    ["recipients: { external: require_approval }\n", 1],
    ["recipients: { external: deny }\n", 1],
    ["recipients: { external: allow }\n", 0],
    ["recipients: { deny: [] }\n", 0],
    ["recipients: { external: deny }\ninternal: [client.example]\n", 0],
    ["recipients: { external: deny }\ninternal: []\n", 1],
  ] as const) {
    const found = problems({ "_organisation.yaml": organisation, "a.yaml": a });
    assert.equal(
      found.filter((line) => line.includes("(recipients.internal[0])")).length,
      count,
      organisation,
    );
  }
});

test("loadPolicies() warns of public mail providers among our own people, once, and refuses nothing", () => {
  const files = {
    "_organisation.yaml": "internal: [acme.example, GMail.com]\n",
    "a.yaml": team("a", "id: ma, address: a@acme.example"),
    "b.yaml": team("b", "id: mb, address: b@acme.example"),
  };
  const loaded = load(files);
  assert.ok(loaded.ok);
  assert.deepEqual(loaded.warnings?.map(formatProblem), [
    'teams/_organisation.yaml:1:26: "GMail.com" is a public mail provider: anybody can have an address there and would count as our own people (recipients.internal[1])',
  ]);
});

test("an exception ends with its day in the time zone of the team's hours", () => {
  const exceptions =
    "exceptions: [{ rule: overlap, reason: r, owner: lead@acme.example, expires: 2026-12-31 }]\n";
  for (const [zone, wanted] of [
    ["UTC", "2027-01-01T00:00:00.000Z"],
    ["Europe/Paris", "2026-12-31T23:00:00.000Z"],
    ["America/Los_Angeles", "2027-01-01T08:00:00.000Z"],
    ["Pacific/Kiritimati", "2026-12-31T10:00:00.000Z"],
    ["Pacific/Niue", "2027-01-01T11:00:00.000Z"],
    ["Asia/Kathmandu", "2026-12-31T18:15:00.000Z"],
    [undefined, "2027-01-01T00:00:00.000Z"],
  ] as const) {
    const hours =
      zone === undefined ? "" : `hours: { days: mon-fri, from: "08:00", to: "18:00", timezone: ${zone} }\n`;
    const loaded = load({ "a.yaml": team("a", "id: m, address: a@acme.example", hours + exceptions) });
    assert.ok(loaded.ok);
    const [exception] = loaded.policies.teams.get("a")?.exceptions ?? [];
    assert.equal(new Date(exception?.expiresAt ?? 0).toISOString(), wanted, zone);
    assert.equal(exception?.expires, "2026-12-31");
  }
});

function load(texts: Readonly<Record<string, string>>) {
  const files = Object.entries(texts).map(([name, text]) => ({
    name,
    file: `teams/${name}`,
    bytes: new TextEncoder().encode(text),
  }));
  return loadPolicies(files, { sha256: () => "" });
}

function problems(texts: Readonly<Record<string, string>>): readonly string[] {
  const loaded = load(texts);
  return loaded.ok ? [] : loaded.problems.map(formatProblem);
}
