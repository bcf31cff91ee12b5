import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { joinParts, joinPolicies, loadPolicies, type PolicyLoadResult, type PolicySet } from "./mod.ts";

const TEAMS = ["ada", "bob", "cleo", "dora", "eve"];

/** A team's file as it may be: all is well, or it claims what others do, or it has a problem. */
const teamText = fc
  .record({
    name: fc.constantFrom(...TEAMS),
    mailbox: fc.constantFrom("own", "own", "own", "own", "ada"),
    address: fc.constantFrom("own", "own", "own", "own", "ADA"),
    key: fc.constantFrom("own", "own", "own", "none", "shared"),
    more: fc.constantFrom(
      "",
      "",
      "",
      "# a comment\n",
      "recipients: { internal: [gmail.com], deny: [x@rival.example] }\n",
      "limits: { team: 900/day }\n",
      'content: { block: [{ name: word, pattern: "fal(con" }] }\n',
      "oversight: monitord\n",
      "recipients: { allow: [group:own, group:partners] }\ngroups: { own: [group:partners, a@own.example] }\n",
      "\ufeff",
    ),
  })
  .map(({ name, mailbox, address, key, more }) => {
    const keys = { own: sha256(name), shared: sha256("shared"), none: "" }[key];
    return [
      `${name}.yaml`,
      `team: ${name}\nmailbox: { id: m-${mailbox === "own" ? name : mailbox}, address: ${address === "own" ? name : address}@acme.example }\n` +
        `approvers: [lead@acme.example]\nassistants: [{ id: helper, keys: [${keys && `"sha256:${keys}"`}] }]\n${more}`,
    ] as const;
  });

const otherFile = fc.constantFrom(
  ["_organisation.yaml", "recipients: { deny: [y@rival.example] }\n"],
  ["_organisation.yaml", "limits: { team: 100/day }\ncontent: { flag: [iban] }\n"],
  ["_organisation.yaml", "mailboxes: { ada: { id: m-ada, address: ada@acme.example } }\n"],
  ["_organisation.yaml", "recipients: 1\n"],
  ["_organisation.yaml", "groups: { partners: [a@partner.example] }\n"],
  ["_organisation.yaml", "groups: { partners: [a@partner.example, b@partner.example] }\n"],
  ["_organisation.yaml", "groups: { own: [a@partner.example] }\n"],
  ["Upper.yaml", "team: upper\n"],
  ["_organisation.yaml", undefined],
  ["Upper.yaml", undefined],
  ["ada.yaml", undefined],
  ["bob.yaml", undefined],
  ["cleo.yaml", undefined],
) as fc.Arbitrary<readonly [string, string | undefined]>;

test("loadPolicies() gives the same with what is known as without, after any edits", () => {
  const seen = { kept: 0, refused: 0 };
  fc.assert(
    fc.property(
      fc.array(fc.oneof({ weight: 4, arbitrary: teamText }, otherFile), { minLength: 8 }),
      (edits) => {
        const folder = new Map<string, string>();
        let known: PolicySet | undefined;
        for (const [name, text] of edits) {
          if (text === undefined) folder.delete(name);
          else folder.set(name, text);
          const whole = load(folder);
          const { result, kept } = loadChanged(folder, known);
          assert.deepEqual(result, whole);
          assert.deepEqual(orderOf(result), orderOf(whole));
          if (kept > 0) seen.kept++;
          if (!whole.ok) seen.refused++;
          else {
            // What did not change is the very same policy.
            if (result.ok) known = result.policies;
          }
        }
      },
    ),
    { numRuns: 150 },
  );
  assert.ok(seen.kept > 200 && seen.refused > 100, JSON.stringify(seen));
});

test("joinPolicies() gives what loading everything gives, or nothing", () => {
  let [joined, left] = [0, 0];
  fc.assert(
    fc.property(
      fc.array(teamText, { minLength: 1, maxLength: 4 }),
      fc.array(teamText, { maxLength: 3 }),
      (first, second) => {
        const folder = new Map(first);
        const before = load(folder);
        if (!before.ok) return;
        for (const [name, text] of second) folder.set(name, text);
        const { changed, unchanged } = changesIn(folder, before.policies);
        const part = loadPolicies(changed.map(toFile), { sha256 });
        if (!part.ok) return;
        const result = joinPolicies({ policies: before.policies, unchanged }, part.policies, { sha256 });
        const whole = load(folder);
        if (result !== undefined) joined++;
        else left++;
        assert.deepEqual(result, whole.ok ? whole : undefined);
        if (result !== undefined) assert.deepEqual(orderOf(result), orderOf(whole));
      },
    ),
    { numRuns: 1_000 },
  );
  assert.ok(joined > 20 && left > 2, JSON.stringify({ joined, left }));
});

test("joinParts() gives what loading everything gives, whatever is wrong with some of it", () => {
  const seen = { ok: 0, refused: 0, others: 0 };
  fc.assert(
    fc.property(
      fc.array(teamText, { minLength: 2, maxLength: 5 }),
      fc.array(otherFile, { maxLength: 2 }),
      fc.integer({ min: 2, max: 3 }),
      (teams, more, count) => {
        const folder = new Map<string, string>(teams);
        for (const [name, text] of more) if (text !== undefined) folder.set(name, text);
        const bounds = folder.get("_organisation.yaml");
        const names = [...folder.keys()].filter((name) => name !== "_organisation.yaml").sort();
        const parts = Array.from({ length: Math.min(count, names.length) }, (_, part) =>
          names.filter((_, index) => index % count === part),
        );
        const loaded: PolicySet[] = [];
        const others: string[] = [];
        for (const part of parts) {
          const texts = new Map(part.map((name) => [name, folder.get(name) ?? ""]));
          if (bounds !== undefined) texts.set("_organisation.yaml", bounds);
          const result = load(texts);
          if (result.ok) loaded.push(result.policies);
          else others.push(...part);
        }
        // Without any, nobody has the organisation's file.
        if (loaded.length === 0) return;
        const files = others.map((name) => toFile([name, folder.get(name) ?? ""]));
        const result = joinParts(loaded, files, { sha256 });
        const whole = load(folder);
        seen[whole.ok ? "ok" : "refused"]++;
        if (others.length > 0) seen.others++;
        assert.deepEqual(result, whole);
        assert.deepEqual(orderOf(result), orderOf(whole));
      },
    ),
    { numRuns: 500 },
  );
  assert.ok(seen.ok > 50 && seen.refused > 50 && seen.others > 50, JSON.stringify(seen));
});

test("loadPolicies() keeps a policy as long as its own file and the organisation's stay", () => {
  const team = (name: string) =>
    `team: ${name}\nmailbox: { id: m-${name}, address: ${name}@acme.example }\napprovers: [lead@acme.example]\nassistants: []\n`;
  const folder = new Map(["ada", "bob"].map((name) => [`${name}.yaml`, team(name)]));
  const first = policiesOf(load(folder));
  folder.set("bob.yaml", `${team("bob")}# changed\n`);
  const second = policiesOf(loadChanged(folder, first).result);
  assert.equal(second.teams.get("ada"), first.teams.get("ada"));
  assert.notEqual(second.teams.get("bob"), first.teams.get("bob"));
  folder.set("_organisation.yaml", "recipients: { deny: [x@rival.example] }\n");
  const third = policiesOf(loadChanged(folder, second).result);
  assert.equal(third.teams.get("ada")?.recipients.deny.length, 1);
});

test("loadPolicies() links every team again when a group of the organisation changes, and one when its own does", () => {
  const team = (name: string, own: string) =>
    `team: ${name}\nmailbox: { id: m-${name}, address: ${name}@acme.example }\napprovers: [role:leads]\nassistants: []\n` +
    `groups: { own: [${own}] }\nrecipients: { allow: [group:own, group:partners] }\n`;
  const organisation = (partner: string, lead: string) =>
    `groups: { partners: [${partner}] }\nroles: { leads: [${lead}] }\n`;
  const folder = new Map(["ada", "bob"].map((name) => [`${name}.yaml`, team(name, "x@own.example")]));
  folder.set("_organisation.yaml", organisation("a@partner.example", "lead@acme.example"));
  const first = policiesOf(load(folder));
  folder.set("bob.yaml", team("bob", "y@own.example"));
  const second = policiesOf(loadChanged(folder, first).result);
  assert.equal(second.teams.get("ada"), first.teams.get("ada"));
  assert.deepEqual(allowOf(second, "bob"), ["y@own.example", "a@partner.example"]);
  folder.set("_organisation.yaml", organisation("b@partner.example", "boss@acme.example"));
  const third = policiesOf(loadChanged(folder, second).result);
  assert.deepEqual(allowOf(third, "ada"), ["x@own.example", "b@partner.example"]);
  assert.deepEqual(third.teams.get("bob")?.approvers, ["boss@acme.example"]);
});

function allowOf({ teams }: PolicySet, team: string): readonly string[] | undefined {
  return teams.get(team)?.recipients.allow?.map(({ text }) => text);
}

function load(folder: ReadonlyMap<string, string>): PolicyLoadResult {
  return loadPolicies([...folder].map(toFile), { sha256 });
}

/** As somebody does who reads only what is not as it was. */
function loadChanged(folder: ReadonlyMap<string, string>, policies: PolicySet | undefined) {
  const { changed, unchanged } = changesIn(folder, policies);
  const result = loadPolicies(changed.map(toFile), {
    sha256,
    ...(policies && { known: { policies, unchanged } }),
  });
  return { result, kept: policies === undefined ? 0 : unchanged.size };
}

function changesIn(folder: ReadonlyMap<string, string>, policies: PolicySet | undefined) {
  const before = new Map(policies?.files.map(({ name, text }) => [name, text]));
  const changed = [...folder].filter(([name, text]) => before.get(name) !== text);
  const unchanged = new Set([...folder.keys()].filter((name) => folder.get(name) === before.get(name)));
  return { changed, unchanged };
}

function orderOf(result: PolicyLoadResult): unknown {
  if (!result.ok) return result.standing?.map(({ name }) => name);
  return [[...result.policies.teams.keys()], [...result.policies.keys]];
}

function policiesOf(result: PolicyLoadResult): PolicySet {
  assert.ok(result.ok);
  return result.policies;
}

function toFile([name, text]: readonly [string, string]) {
  return { name, file: `teams/${name}`, bytes: new TextEncoder().encode(text) };
}

function sha256(content: Uint8Array | string): string {
  return createHash("sha256").update(content).digest("hex");
}
