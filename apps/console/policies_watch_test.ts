import assert from "node:assert/strict";
import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { until } from "@countersign/lifecycle/testing/until";
import { type Browsing, startTestConsole, type TestConsole } from "./testing/start_test_console.ts";
import { TEAMS } from "./testing/teams.ts";

const DELEGATE =
  "delegates:\n  - { from: sales-lead@acme.example, to: standin@acme.example, until: 2027-12-31, reason: leave }\n";
const BEFORE: Readonly<Record<string, string>> = {
  ...TEAMS,
  "sales.yaml": `${TEAMS["sales.yaml"]}${DELEGATE}`,
};

/** Everybody who has a role, and what takes it away. */
const LEAVES: readonly {
  readonly who: string;
  readonly file: string;
  readonly change: readonly [string, string];
}[] = [
  { who: "deputy@acme.example", file: "finance.yaml", change: [", deputy@acme.example", ""] },
  { who: "standin@acme.example", file: "sales.yaml", change: [DELEGATE, ""] },
  { who: "auditor@acme.example", file: "_organisation.yaml", change: ["auditor@acme.example, ", ""] },
  { who: "operator@acme.example", file: "_organisation.yaml", change: ["operator@acme.example, ", ""] },
];

async function write({ teamsDir }: TestConsole, name: string, text: string): Promise<void> {
  const draft = join(teamsDir, `.${name}.new`);
  await writeFile(draft, text);
  await rename(draft, join(teamsDir, name));
}

const isIn = async (person: Browsing) => (await person.get("/policies")).status === 200;

test("a session ends when its person is no approver, deputy, auditor or operator any more, also while another file is wrong", async (t) => {
  const console = await startTestConsole(t, { teams: BEFORE });
  const people = new Map<string, Browsing>();
  for (const { who } of LEAVES) people.set(who, await console.signIn(who));
  const stays = await console.signIn("finance-lead@acme.example");
  // A mistake elsewhere: nothing new comes in force, and whoever leaves leaves.
  await write(console, "third.yaml", "team: third\nmailbx: {}\n");
  const texts: Record<string, string> = { ...BEFORE };
  for (const { who, file, change } of LEAVES) {
    const person = people.get(who);
    assert.ok(person !== undefined && (await isIn(person)), who);
    const text = (texts[file] ?? "").replace(...change);
    assert.notEqual(text, texts[file], who);
    texts[file] = text;
    // In the file that names them too: in another key than theirs.
    await write(console, file, `${text}limits: { nonsense: 1 }\n`);
    await until(async () => !(await isIn(person)));
    assert.ok(await isIn(stays));
  }
  // A session that has ended does not begin again when the person comes back.
  for (const [name, text] of Object.entries(BEFORE)) await write(console, name, text);
  await rm(join(console.teamsDir, "third.yaml"));
  await until(async () => {
    try {
      return await console.signIn("deputy@acme.example");
    } catch {
      return false;
    }
  });
  for (const [who, person] of people) assert.equal(await isIn(person), false, who);
});

test("what bounds every team cannot get lost: without the organisation's file the policies in force stay, but for whoever left", async (t) => {
  const console = await startTestConsole(t);
  const [auditor, deputy] = [
    await console.signIn("auditor@acme.example"),
    await console.signIn("deputy@acme.example"),
  ];
  await rm(join(console.teamsDir, "_organisation.yaml"));
  await write(console, "finance.yaml", (TEAMS["finance.yaml"] ?? "").replace(", deputy@acme.example", ""));
  await until(async () => !(await isIn(deputy)));
  assert.ok(await isIn(auditor));
});
