import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { loadPolicies } from "./load_policies.ts";
import { standingFiles, withoutRemoved } from "./without_removed.ts";

const [A, B, C] = ["a", "b", "c"].map((digit) => `sha256:${digit.repeat(64)}`);

const TEAM = `team: one
mailbox: { id: m1, address: one@acme.example }
approvers: [lead@acme.example]
assistants:
  - { id: writer, keys: ["${A}", "${B}"] }
  - { id: reader, keys: ["${C}"] }
`;

const OTHER = `team: two
mailbox: { id: m2, address: two@acme.example }
approvers: [lead@acme.example]
assistants: []
`;

const TYPO = "recipient: {}\n";

/** Files of a folder that has a problem, and what is in force no longer. */
const CASES: readonly {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly removed: readonly string[];
}[] = [
  {
    name: "keeps everything where only another file is wrong",
    files: { "one.yaml": TEAM, "two.yaml": OTHER + TYPO },
    removed: [],
  },
  {
    name: "takes a key away",
    files: { "one.yaml": TEAM.replace(`"${A}", `, ""), "two.yaml": OTHER + TYPO },
    removed: [`${A}`],
  },
  {
    name: "takes a key away where the rest of its own file is wrong",
    files: { "one.yaml": TEAM.replace(`"${A}", `, "") + TYPO, "two.yaml": OTHER },
    removed: [`${A}`],
  },
  {
    name: "takes a key away where the assistant's own hours are wrong",
    files: {
      "one.yaml": TEAM.replace(`"${A}", "${B}"] }`, `"${B}"], hours: { timezone: Paris } }`),
      "two.yaml": OTHER,
    },
    removed: [`${A}`],
  },
  {
    name: "takes a key away where the assistant's own users are wrong",
    files: {
      "one.yaml": TEAM.replace(`"${A}", "${B}"] }`, `"${B}"], users: { sign_in: maybe } }`),
      "two.yaml": OTHER,
    },
    removed: [`${A}`],
  },
  {
    name: "takes the only key away",
    files: { "one.yaml": TEAM.replace(`keys: ["${C}"]`, "keys: []"), "two.yaml": TYPO },
    removed: [`${C}`],
  },
  {
    name: "takes an assistant away",
    files: { "one.yaml": TEAM.replace(/ {2}- \{ id: reader.*\n/, ""), "two.yaml": TYPO },
    removed: ["one/reader"],
  },
  { name: "takes a team away whose file is gone", files: { "two.yaml": OTHER + TYPO }, removed: ["one"] },
  { name: "takes all away from an empty folder", files: {}, removed: ["one", "two"] },
  {
    name: "keeps a team whose file is only misnamed",
    files: { "one.yml": TEAM, "two.yaml": OTHER },
    removed: [],
  },
  {
    name: "keeps what a file with broken YAML may still say",
    files: { "one.yaml": `${TEAM.replace(`"${A}", `, "")}x: [`, "two.yaml": OTHER },
    removed: [],
  },
  {
    name: "keeps everything where the list of assistants is misspelt",
    files: { "one.yaml": TEAM.replace("assistants:", "asistants:"), "two.yaml": OTHER },
    removed: [],
  },
  {
    name: "keeps the keys of an assistant whose entry is wrong, and takes another's away",
    files: {
      "one.yaml": TEAM.replace("writer, keys", "writer, kyes").replace(`keys: ["${C}"]`, "keys: []"),
      "two.yaml": OTHER,
    },
    removed: [`${C}`],
  },
  {
    name: "keeps everybody where an assistant's name is misspelt beyond an id",
    files: { "one.yaml": TEAM.replace("id: reader", "id: Reader!"), "two.yaml": OTHER },
    removed: [],
  },
];

test("withoutRemoved() takes away what the files no longer have, and nothing that a mistake hides", async (t) => {
  const before = load({ "one.yaml": TEAM, "two.yaml": OTHER });
  assert.ok(before.ok);
  for (const { name, files, removed: want } of CASES) {
    await t.test(name, () => {
      const after = load(files);
      assert.ok(!after.ok && after.standing);
      const { policies, removed } = withoutRemoved(before.policies, after.standing);
      assert.deepEqual([...removed.teams, ...removed.assistants, ...removed.keys], want);
      assert.equal(policies.hash, before.policies.hash);
      if (want.length === 0) assert.equal(policies, before.policies);
      const keysLeft = [A, B, C].filter(
        (key) => !want.includes(`${key}`) && !(want.includes("one/reader") && key === C),
      );
      const hashes = want.includes("one") ? [] : keysLeft.map((key) => key?.slice(7));
      assert.deepEqual([...policies.keys.keys()], hashes);
      for (const assistant of policies.teams.get("one")?.assistants.values() ?? [])
        assert.ok(assistant.keys.every((key) => keysLeft.includes(key)));
    });
  }
});

test("withoutRemoved() leaves an assistant that was removed in its place, with nothing to do", () => {
  const users = "users: { sign_in: required, claims: [sales], with_key: false }";
  const before = load({ "one.yaml": TEAM.replace("{ id: writer", `{ id: writer, ${users}`) });
  assert.ok(before.ok);
  const after = load({ "one.yaml": TEAM.replace(/ {2}- \{ id: writer.*\n/, "") });
  assert.ok(after.ok);
  const { policies } = withoutRemoved(before.policies, standingFiles(after.policies));
  const assistants = policies.teams.get("one")?.assistants;
  assert.deepEqual([...(assistants?.keys() ?? [])], ["writer", "reader"]);
  assert.equal(assistants?.get("writer")?.actions.size, 0);
  assert.equal(assistants?.get("writer")?.users, undefined);
});

const PEOPLE = `team: one
mailbox: { id: m1, address: one@acme.example }
approval:
  by: [lead@acme.example, deputy@acme.example, "role:heads"]
  escalate: { after: 1h, to: [chief@acme.example] }
  classes: [{ when: { attachments: true }, by: [cfo@acme.example, lead@acme.example] }]
delegates: [{ from: lead@acme.example, to: standin@acme.example, until: 2030-01-01, reason: leave }]
assistants: []
`;
const ORGANISATION = `roles: { heads: [head@acme.example, boss@acme.example] }
auditors: [auditor@acme.example, "claim:audit"]
operators: ["role:heads"]
delegates: [{ from: head@acme.example, to: second@acme.example, until: 2030-01-01, reason: leave }]
`;

/** Changes of a folder in which another file is wrong, and who decides, stands in and holds an office no longer. */
const LEAVING: readonly {
  readonly name: string;
  readonly file?: "one.yaml" | "_organisation.yaml";
  readonly change: (text: string) => string;
  readonly gone: readonly string[];
}[] = [
  { name: "keeps everybody who is named", change: (text) => text, gone: [] },
  {
    name: "takes an approver away",
    change: (text) => text.replace(" deputy@acme.example,", ""),
    gone: ["deputy"],
  },
  {
    name: "takes an approver away where another key of the same file is wrong",
    change: (text) => `${text.replace(" deputy@acme.example,", "")}recipient: {}\n`,
    gone: ["deputy"],
  },
  {
    name: "takes the people of a class away, and those to whom it escalates",
    change: (text) => text.replace("[cfo@acme.example, lead", "[lead").replace(/ {2}escalate.*\n/, ""),
    gone: ["cfo", "chief"],
  },
  {
    name: "takes a deputy away",
    change: (text) => text.replace(/delegates.*\n/, ""),
    gone: ["lead standin"],
  },
  {
    name: "takes away who has a role no longer",
    file: "_organisation.yaml",
    change: (text) => text.replace(", boss@acme.example", ""),
    gone: ["boss", "boss"],
  },
  {
    name: "takes auditors away, by address and by claim, and a deputy of every team",
    file: "_organisation.yaml",
    change: (text) => text.replace(/auditors.*\n/, "").replace(/delegates.*\n/, ""),
    gone: ["auditor", "claim:audit", "head second"],
  },
  {
    name: "keeps everybody where one of them is misspelt",
    change: (text) => text.replace("deputy@acme.example", "deputy(at)acme.example"),
    gone: [],
  },
  {
    name: "keeps everybody where the key is misspelt",
    change: (text) => text.replace("approval:", "aproval:").replace("delegates:", "delegate:"),
    gone: [],
  },
  {
    name: "keeps everybody of a role that is misspelt, or whose people are",
    change: (text) => text.replace("role:heads", "role:haeds"),
    gone: [],
  },
  {
    name: "keeps the people of a role among which there is a mistake",
    file: "_organisation.yaml",
    change: (text) => text.replace("boss@acme.example", "boss(at)acme.example"),
    gone: [],
  },
  {
    name: "keeps everybody where the YAML is broken",
    change: (text) => `${text.replace(" deputy@acme.example,", "")}x: [`,
    gone: [],
  },
];

test("withoutRemoved() takes away who decides no longer, and nobody whom a mistake hides", async (t) => {
  const files = { "one.yaml": PEOPLE, "two.yaml": OTHER, "_organisation.yaml": ORGANISATION };
  const before = load(files);
  assert.ok(before.ok, JSON.stringify(!before.ok && before.problems));
  const name = (address: string) => address.replaceAll("@acme.example", "");
  const namedIn = ({ teams, organisation }: typeof before.policies) => {
    const one = teams.get("one");
    const { by, escalate, classes } = one?.approval ?? { by: [], classes: [] };
    const deciders = new Set(
      [by, escalate?.to ?? [], ...classes.map((each) => each.by)].flat().map(({ address }) => address),
    );
    const offices = [organisation?.auditors, organisation?.operators].flatMap((office) => [
      ...(office?.people ?? []).map(({ address }) => address),
      ...(office?.claims ?? []).map(({ value }) => `claim:${value}`),
    ]);
    const pairs = [...(one?.delegates ?? []), ...(organisation?.delegates ?? [])];
    return [...deciders, ...offices, ...pairs.map(({ from, to }) => `${from.address} ${to.address}`)]
      .map(name)
      .sort();
  };
  for (const { name: title, file = "one.yaml", change, gone } of LEAVING) {
    await t.test(title, () => {
      const after = load({ ...files, [file]: change(files[file]), "two.yaml": OTHER + TYPO });
      assert.ok(!after.ok && after.standing);
      const { policies, removed } = withoutRemoved(before.policies, after.standing);
      const left = namedIn(policies);
      const all = namedIn(before.policies);
      const missing = all.filter(
        (one) => all.filter((x) => x === one).length !== left.filter((x) => x === one).length,
      );
      assert.deepEqual([...new Set(missing)], [...new Set(gone)].sort());
      assert.equal(removed.people, gone.length);
      assert.equal(policies === before.policies, gone.length === 0);
      const one = policies.teams.get("one");
      assert.deepEqual(
        one?.approvers,
        one?.approval.by.map(({ address }) => address),
      );
    });
  }
});

function load(texts: Readonly<Record<string, string>>) {
  const files = Object.entries(texts).map(([name, text]) => ({
    name,
    file: `teams/${name}`,
    bytes: new TextEncoder().encode(text),
  }));
  return loadPolicies(files, {
    sha256: (bytes) => createHash("sha256").update(bytes).digest("hex"),
  });
}
