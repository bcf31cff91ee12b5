import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import {
  formatProblem,
  loadInSteps,
  loadPolicies,
  type PolicyFile,
  type PolicyLoadResult,
  type PolicySet,
} from "./mod.ts";

const TEAMS = resolve(import.meta.dirname, "../../../teams");
const TESTDATA = resolve(import.meta.dirname, "../testdata/policies");

test("loadPolicies() says every problem of every broken policy, at its place", async (t) => {
  const names = readdirSync(join(TESTDATA, "broken"));
  assert.ok(names.length > 30);
  for (const name of names) {
    await t.test(name, () => {
      const text = readFileSync(join(TESTDATA, "broken", name), "utf8");
      const wanted = text.split("\n").flatMap((line) => line.match(/^# want: (.*)$/)?.[1] ?? []);
      assert.ok(wanted.length > 0);
      assert.deepEqual(
        problems(load({ [name]: text })),
        wanted.map((line) => `teams/${name}:${line}`),
      );
    });
  }
});

test("loadInSteps() yields after each team's file, and ends with what loadPolicies() gives", () => {
  const files = readdirSync(TEAMS)
    .filter((name) => name.endsWith(".yaml") && !name.endsWith("_test.yaml"))
    .map((name) => ({ name, file: `teams/${name}`, bytes: readFileSync(join(TEAMS, name)) }));
  const options = { sha256: (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex") };
  const steps = loadInSteps(files, options);
  let step = steps.next();
  let turns = 0;
  for (; !step.done; step = steps.next()) turns++;
  assert.equal(turns, files.filter(({ name }) => name !== "_organisation.yaml").length);
  assert.deepEqual(step.value, loadPolicies(files, options));
});

test("loadPolicies() links the repository's own teams", () => {
  const { teams, keys } = linked(loadPolicies(filesOf(TEAMS), { sha256 }));
  assert.deepEqual([...teams.keys()], ["finance", "marketing", "sales"]);
  assert.equal(keys.size, 0);
  assert.deepEqual(
    teams.get("finance")?.recipients.deny.map(({ text, where }) => `${where.file} ${text}`),
    [
      "teams/finance.yaml *@old-suppliers.example",
      "teams/_organisation.yaml *@rival.example",
      "teams/_organisation.yaml *@*.rival.example",
    ],
  );
});

test("loadPolicies() names the set by the hash of what sha256sum prints for its files", () => {
  const policies = linked(loadPolicies(filesOf(TEAMS).toReversed(), { sha256 }));
  const sums = filesOf(TEAMS).map(({ name, bytes }) => `${sha256(bytes)}  ${name}\n`);
  assert.equal(policies.hash, sha256(new TextEncoder().encode(sums.join(""))));
  assert.deepEqual(
    policies.files.map(({ text }) => text),
    filesOf(TEAMS).map(({ bytes }) => new TextDecoder().decode(bytes)),
  );
  assert.equal(
    policies.teams.get("sales")?.source.hash,
    policies.files.find(({ name }) => name === "sales.yaml")?.hash,
  );
});

test("loadPolicies() puts nothing in force when one file of many has a problem", () => {
  const result = load({ "a.yaml": team("a"), "b.yaml": team("b"), "c.yaml": `${team("c")}recipient: {}\n` });
  assert.deepEqual(problems(result), [
    'teams/c.yaml:5:1: Unknown key "recipient": did you mean "recipients"? (recipient)',
  ]);
  assert.ok(!("policies" in result));
});

test("loadPolicies() finds what two teams claim for themselves", () => {
  const key = `sha256:${"0f".repeat(32)}`;
  const result = load({
    "a.yaml": team("a", {
      id: "m1",
      address: "Shared@Acme.example",
      assistant: `{ id: writer, keys: ["${key}"] }`,
    }),
    "b.yaml": team("b", {
      id: "m1",
      address: "shared@acme.EXAMPLE",
      assistant: `{ id: writer, keys: ["${key}"] }`,
    }),
  });
  assert.deepEqual(problems(result), [
    "teams/b.yaml:2:16: Mailbox is taken: see teams/a.yaml:2:16 (mailbox.id)",
    "teams/b.yaml:2:29: Mailbox address is taken: see teams/a.yaml:2:29 (mailbox.address)",
    "teams/b.yaml:4:35: Key is taken: see teams/a.yaml:4:35 (assistants[0].keys[0])",
  ]);
});

test("loadPolicies() lets two teams call an assistant the same, and one team not", () => {
  const [a, b] = ["a", "b"].map((name) => `sha256:${name.repeat(64)}`);
  const result = load({
    "a.yaml": team("a", { assistant: `{ id: writer, keys: ["${a}"] }` }),
    "b.yaml": team("b", { assistant: `{ id: writer, keys: ["${b}"] }` }),
  });
  assert.ok(result.ok, result.ok ? "" : problems(result).join());
  assert.deepEqual(
    [...result.policies.keys.values()],
    ["a", "b"].map((name) => ({ team: name, assistant: "writer" })),
  );
  const twice = load({ "a.yaml": team("a", { assistant: "{ id: writer }, { id: writer }" }) });
  assert.deepEqual(problems(twice), [
    "teams/a.yaml:4:36: Assistant id is taken: see teams/a.yaml:4:20 (assistants[1].id)",
  ]);
});

test("loadPolicies() compares teams that have other problems too", () => {
  const result = load({
    "a.yaml": team("a", { id: "m1" }),
    "b.yaml": `${team("b", { id: "m1" })}oversight: none\n`,
  });
  assert.deepEqual(
    problems(result).map((line) => line.split(" (")[1]),
    ["mailbox.id)", "oversight)"],
  );
});

test("loadPolicies() sorts problems by file, line and column, whatever order the files come in", () => {
  const result = load({
    "z.yaml": "x: 1\n",
    "1.yaml": "y: 1\n",
    "b.yaml": "a\n",
    "_organisation.yaml": "teams: 1\n",
  });
  const places = problems(result).map((line) => line.split(" ")[0]);
  assert.deepEqual(places, [...places].sort());
  assert.deepEqual(
    [...new Set(places.map((place) => place?.split(":")[0]))],
    ["teams/1.yaml", "teams/_organisation.yaml", "teams/b.yaml", "teams/z.yaml"],
  );
});

test("loadPolicies() refuses a folder without a team, where nobody could do anything", () => {
  assert.deepEqual(problems(load({})), ["teams:1:1: No team file in teams/"]);
  assert.deepEqual(problems(load({ "_organisation.yaml": "internal: [acme.example]\n" })), [
    "teams:1:1: No team file in teams/",
  ]);
});

test("loadPolicies() refuses file names that it would otherwise pass over in silence", async (t) => {
  const names: Readonly<Record<string, RegExp>> = {
    "finance.yml": /must end in ".yaml": rename it/,
    "Finance.yaml": /must be the team's/,
    "fi nance.yaml": /must be the team's/,
    "-finance.yaml": /must be the team's/,
    "finänce.yaml": /must be the team's/,
    "_organization.yaml": /did you mean "_organisation.yaml"\?/,
    "organisation.yml": /did you mean "_organisation.yaml"\?/,
    "_Organisation.yaml": /did you mean "_organisation.yaml"\?/,
    "_finance.yaml": /must be the team's/,
    "\u001b[2Jfinance.yaml": /^teams\/\?\[2Jfinance.yaml:1:1: File name/,
  };
  for (const [name, message] of Object.entries(names)) {
    await t.test(JSON.stringify(name), () => {
      const [problem = ""] = problems(load({ "a.yaml": team("a"), [name]: "team: x\n" }));
      assert.match(problem, message);
    });
  }
});

test("loadPolicies() takes over the organisation's file under its name only", () => {
  const result = load({
    "a.yaml": team("a"),
    "_organisation.yaml": "team: acme\ninternal: acme.example\noversight: monitored\n",
  });
  assert.deepEqual(problems(result), [
    `teams/_organisation.yaml:1:1: Unknown key "team": it stands in a team's file (team)`,
    'teams/_organisation.yaml:2:11: Must be a list, got "acme.example" (internal)',
    'teams/_organisation.yaml:3:12: Must be a map, got "monitored" (oversight)',
  ]);
});

test("loadPolicies() never shows a key, wherever it was written", async (t) => {
  const secret = "0123456789abcdefghijABCDEFGHIJ-_";
  const places: Readonly<Record<string, string>> = {
    "a value": `description: mm_live_${secret}\n`,
    "a list": `approvers2: [csk_${secret}]\n`,
    "a key": `mm_test_${secret}: 1\n`,
    "an unknown key's path": `whsec_${secret}: { whsec_${secret}: 1 }\n`,
    "a comment": `# MULTIMAIL_API_KEY=mm_live_${secret}\n`,
    "a trailing comment": `description: x # mm_live_${secret}\n`,
    "an alias": `description: *mm_live_${secret}\n`,
    "an anchor": `description: &mm_live_${secret} x\n`,
    "a tag": `description: !mm_live_${secret} x\n`,
    "a block": `description: |\n  the key is\n  mm_live_${secret}\n`,
    "broken syntax": `description: "mm_live_${secret}\n`,
    "an escaped value": `description: "mm\\u005flive_${secret}"\n`,
    "an escaped key": `"mm\\u005flive_${secret}": 1\n`,
    "a duplicate key": `csk_${secret}: 1\ncsk_${secret}: 2\n`,
    "an enumeration": `oversight: mm_live_${secret}\n`,
    "a pattern": `recipients: { allow: ["csk_${secret}@x"] }\n`,
    "keys:": `assistants2: [{ id: a, keys: [csk_${secret}] }]\n`,
  };
  for (const [place, yaml] of Object.entries(places)) {
    await t.test(place, () => {
      const lines = problems(load({ "a.yaml": team("a") + yaml }));
      assert.ok(
        lines.some((line) => line.includes("Remove this key and revoke it")),
        lines.join("\n"),
      );
      assert.ok(!lines.join("\n").includes(secret), lines.join("\n"));
    });
  }
});

test("loadPolicies() does not show what was written where a key may have been meant", () => {
  const result = load({
    "a.yaml":
      "team: a\nmailbox: { id: m, address: a@acme.example, api_key_env: hunter2 }\napprovers: [lead@acme.example]\nassistants: [{ id: w, keys: [hunter2] }]\n",
  });
  assert.equal(problems(result).length, 2);
  assert.ok(!problems(result).join().includes("hunter2"));
});

test("loadPolicies() takes patterns and names that only resemble keys", () => {
  const yaml = `description: keys begin with mm_live_ or csk_\ncontent: { block: [{ name: own-keys, pattern: 'mm_live_[a-z0-9]+' }] }\n`;
  linked(load({ "a.yaml": team("a") + yaml }));
});

test("loadPolicies() is total: bytes of any kind are policies or problems", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const result = loadPolicies([{ name: "a.yaml", file: "a.yaml", bytes }], { sha256 });
      assert.ok(!result.ok && result.problems.length > 0);
    }),
  );
});

test("loadPolicies() is total: a policy with any piece replaced is in force as a whole or not at all", () => {
  const full = readFileSync(join(TESTDATA, "good/finance.yaml"), "utf8");
  const piece = fc.constantFrom(
    "",
    " ",
    "\n",
    "[",
    "]",
    "{",
    "}",
    ":",
    "- ",
    "*a",
    "&a ",
    "? ",
    "'",
    '"',
    "#",
    "|",
    "~",
    "0",
    "!!x ",
    "<<: ",
    "---\n",
    "\t",
    "null",
    "__proto__",
    "[[[[[",
    "@",
  );
  fc.assert(
    fc.property(fc.nat(full.length), fc.nat(12), piece, (at, length, text) => {
      const result = load({ "finance.yaml": full.slice(0, at) + text + full.slice(at + length) });
      if (result.ok) assert.equal(result.policies.teams.size, 1);
      else for (const { where } of result.problems) assert.ok(where.line >= 1 && where.column >= 1);
    }),
    { numRuns: 500 },
  );
});

function load(files: Readonly<Record<string, string>>): PolicyLoadResult {
  return loadPolicies(
    Object.entries(files).map(([name, text]) => ({
      name,
      file: `teams/${name}`,
      bytes: new TextEncoder().encode(text),
    })),
    { sha256 },
  );
}

function team(
  name: string,
  { id = `m-${name}`, address = `${name}@acme.example`, assistant = `{ id: ${name}-writer }` } = {},
): string {
  return `team: ${name}\nmailbox: { id: ${id}, address: ${address} }\napprovers: [lead@acme.example]\nassistants: [${assistant}]\n`;
}

function problems(result: PolicyLoadResult): readonly string[] {
  assert.ok(!result.ok);
  return result.problems.map(formatProblem);
}

function linked(result: PolicyLoadResult): PolicySet {
  assert.ok(result.ok, result.ok ? "" : result.problems.map(formatProblem).join("\n"));
  return result.policies;
}

function filesOf(folder: string): readonly PolicyFile[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".yaml") && !name.endsWith("_test.yaml"))
    .sort()
    .map((name) => ({ name, file: `teams/${name}`, bytes: readFileSync(join(folder, name)) }));
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
