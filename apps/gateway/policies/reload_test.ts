import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { appendFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createAssistantKey } from "@countersign/host";
import { TEAMS } from "@countersign/lifecycle/testing/teams";
import type { PolicyData } from "@countersign/trail";
import { startFolder, until } from "../testing/start_folder.ts";

const NEW_TEAM = `
team: support
mailbox: { id: mbx-support, address: support@acme.multimail.dev, api_key_env: MULTIMAIL_API_KEY_SECOND }
oversight: monitored
assistants:
  - { id: helper, keys: ["KEY"] }
recipients: { internal: [acme.example], external: deny }
`;

test("a broken reload changes nothing, is seen everywhere, and a good one is in force as a whole", async (t) => {
  const folder = await startFolder(t, TEAMS);
  const writer = folder.keys.get("marketing/writer");
  const before = await folder.readyz();
  assert.equal((await folder.send(writer, "jane@acme.example")).status, 202);

  // What marketing.yaml says is fine by itself: but both files are the change, and one of them is wrong.
  const marketing = `${folder.teams["marketing.yaml"]}`.replace("external: deny", "external: allow");
  folder.write("marketing.yaml", marketing);
  folder.write(
    "finance.yaml",
    `${folder.teams["finance.yaml"]}recipient: { deny: ["boss@secret.example"] }\n`,
  );
  await until(async () => (await folder.readyz()).text.includes('"policies"'), "the refusal");
  const broken = await folder.readyz();
  assert.equal(broken.status, 200);
  assert.equal(broken.policy, before.policy);
  assert.match(broken.text, /not in force, but those before them: 1 problem, first at finance\.yaml:14:1"/);
  assert.ok(!broken.text.includes("secret.example"));
  assert.equal((await folder.send(writer, "jane@outside.example")).code, "policy_denied");
  assert.equal((await folder.send(writer, "joe@acme.example")).status, 202);
  const metrics = await folder.metrics();
  assert.match(metrics, /^countersign_policy_reloads_total\{result="refused"\} 1$/m);
  assert.match(metrics, /^countersign_policy_problems 1$/m);
  assert.ok(metrics.includes(`countersign_policy_info{hash="${before.policy}"} 1`));
  const [, refused, ...none] = await folder.policyRecords();
  assert.deepEqual(none, []);
  assert.equal(refused?.policy, before.policy);
  assert.deepEqual(refused?.data, {
    result: "refused",
    problems: 1,
    places: [`${join(folder.teamsDir, "finance.yaml")}:14:1`],
  });

  folder.write("finance.yaml", `${folder.teams["finance.yaml"]}`);
  await until(async () => (await folder.readyz()).policy !== before.policy, "the new policies");
  const after = await folder.readyz();
  assert.equal(after.status, 200);
  assert.ok(!after.text.includes('"policies"'));
  assert.equal((await folder.send(writer, "ann@outside.example")).status, 202);
  const [, , loaded, ...more] = await folder.policyRecords();
  assert.deepEqual(more, []);
  assert.deepEqual([loaded?.policy, loaded?.data.result], [after.policy, "loaded"]);
  assert.ok((await folder.metrics()).includes("countersign_policy_problems 0\n"));
});

test("a request ends under the policies that it began with, on record too", async (t) => {
  const folder = await startFolder(t, TEAMS);
  const writer = folder.keys.get("marketing/writer");
  const { policy: before } = await folder.readyz();
  const open = folder.gate.hold();
  const sending = folder.send(writer, "jane@acme.example");
  await until(async () => (await folder.metrics()).includes("countersign_open_intents 1\n"), "the intent");

  folder.write("marketing.yaml", `${folder.teams["marketing.yaml"]}`.replace("writer, keys", "author, keys"));
  assert.equal(await folder.gateway.reload(), "loaded");
  const { policy: after } = await folder.readyz();
  assert.ok((await folder.metrics()).includes("countersign_open_intents 1\n"), "it is still under way");
  open();
  const sent = await sending;
  assert.equal(sent.status, 202);
  const records = await folder.recordsOf(sent.receipt ?? "");
  assert.deepEqual(
    records.map(({ kind, assistant, policy }) => [kind, assistant, policy]),
    [
      ["intent", "writer", before],
      ["outcome", "writer", before],
    ],
  );
  const next = await folder.send(writer, "joe@acme.example");
  assert.equal(next.status, 202);
  const [intent] = await folder.recordsOf(next.receipt ?? "");
  assert.deepEqual([intent?.assistant, intent?.policy], ["author", after]);
});

test("a key is rotated by a reload: both work in between, the old one ends with the next", async (t) => {
  const folder = await startFolder(t, TEAMS);
  const old = folder.keys.get("marketing/writer");
  const { key, hash } = createAssistantKey();
  const text = folder.teams["marketing.yaml"] ?? "";
  // Replaced as editors do it, and as careful programs do.
  const replace = (changed: string) => {
    writeFileSync(join(folder.teamsDir, "marketing.yaml.new"), changed);
    renameSync(join(folder.teamsDir, "marketing.yaml.new"), join(folder.teamsDir, "marketing.yaml"));
  };
  assert.equal((await folder.send(key, "a@acme.example")).status, 401);
  replace(text.replace('keys: ["', `keys: ["${hash}", "`));
  await until(async () => (await folder.send(key, "b@acme.example")).status === 202, "the new key");
  assert.equal((await folder.send(old, "c@acme.example")).status, 202);
  replace(text.replace(/keys: \["[^"]*"/, `keys: ["${hash}"`));
  await until(async () => (await folder.send(old, "d@acme.example")).status === 401, "the old key's end");
  assert.equal((await folder.send(key, "e@acme.example")).status, 202);
  assert.match(await folder.metrics(), /refused_callers_total\{door="rest",code="unknown_key"\} [1-9]/);
});

test("a team that is new comes with its own MultiMail key, or not at all", async (t) => {
  const { key, hash } = createAssistantKey();
  const support = NEW_TEAM.replace('KEY"]', `${hash}"]`);
  const folder = await startFolder(t, TEAMS, { "support.yaml": support });
  const { policy: before } = await folder.readyz();
  folder.write("support.yaml", support.replace("MULTIMAIL_API_KEY_SECOND", "MULTIMAIL_API_KEY_NONE"));
  await until(async () => (await folder.readyz()).text.includes("first at support.yaml:3:"), "the refusal");
  assert.equal((await folder.readyz()).policy, before);
  folder.write("support.yaml", support);
  await until(async () => (await folder.readyz()).policy !== before, "the new team");
  assert.ok((await folder.metrics()).includes('countersign_mailboxes{state="verified"} 3\n'));
  assert.equal((await folder.send(key, "jane@acme.example")).status, 202);
});

test("a mistake in one file keeps no key, assistant or team of another alive, on record", async (t) => {
  const folder = await startFolder(t, TEAMS);
  const [writer, chaser, reader] = ["marketing/writer", "finance/chaser", "finance/reader"].map((name) =>
    folder.keys.get(name),
  );
  const finance = `${folder.teams["finance.yaml"]}`;
  const keyed = `${folder.teams["marketing.yaml"]}`;
  const { hash } = createAssistantKey();
  folder.write("marketing.yaml", keyed.replace(/keys: \["[^"]*"\]/, `keys: ["${hash}"]`));
  folder.write("broken.yaml", "team: [\n");
  assert.equal(await folder.gateway.reload(), "refused");
  assert.equal((await folder.send(writer, "a@acme.example")).status, 401);
  assert.equal((await folder.send(chaser, "a@acme.example")).status, 202);

  folder.write("finance.yaml", finance.replace(/ {2}- \{ id: reader.*\n/, ""));
  assert.equal(await folder.gateway.reload(), "refused");
  assert.equal((await folder.send(reader, "b@acme.example")).status, 401);
  assert.equal((await folder.send(chaser, "b@acme.example")).status, 202);

  rmSync(join(folder.teamsDir, "finance.yaml"));
  assert.equal(await folder.gateway.reload(), "refused");
  assert.equal((await folder.send(chaser, "c@acme.example")).status, 401);
  const old = /sha256:[0-9a-f]{64}/.exec(keyed)?.[0];
  // The watch may have read in between, and have found the same.
  const records = (await folder.policyRecords()).slice(1).map(({ data }) => JSON.stringify(data.removed));
  assert.deepEqual(
    [...new Set(records)].map((removed) => JSON.parse(removed)),
    [
      { teams: [], assistants: [], keys: [old] },
      { teams: [], assistants: ["finance/reader"], keys: [old] },
      { teams: ["finance"], assistants: [], keys: [old] },
    ],
  );

  // What comes back as it was is in force again, on record too.
  folder.write("finance.yaml", finance);
  folder.write("marketing.yaml", keyed);
  rmSync(join(folder.teamsDir, "broken.yaml"));
  assert.notEqual(await folder.gateway.reload(), "refused");
  assert.equal((await folder.send(writer, "d@acme.example")).status, 202);
  assert.equal((await folder.policyRecords()).at(-1)?.data.result, "loaded");
});

test("a reload without the organisation's file is refused while teams rely on it", async (t) => {
  const folder = await startFolder(t, {
    ...TEAMS,
    "_organisation.yaml": 'internal: [acme.example]\nrecipients: { deny: ["*@rival.example"] }\n',
  });
  const writer = folder.keys.get("marketing/writer");
  const { policy } = await folder.readyz();
  rmSync(join(folder.teamsDir, "_organisation.yaml"));
  assert.equal(await folder.gateway.reload(), "refused");
  const after = await folder.readyz();
  assert.equal(after.policy, policy);
  assert.match(after.text, /first at _organisation\.yaml:1:1/);
  // What was removed beside it ends all the same.
  folder.write(
    "marketing.yaml",
    `${folder.teams["marketing.yaml"]}`.replace(/keys: \["[^"]*"\]/, "keys: []"),
  );
  assert.equal(await folder.gateway.reload(), "refused");
  assert.equal((await folder.send(writer, "a@acme.example")).status, 401);
});

test("a file that is written in two parts is never in force by halves", async (t) => {
  const folder = await startFolder(t, TEAMS);
  const writer = folder.keys.get("marketing/writer");
  const text = `${folder.teams["marketing.yaml"]}`.replace("external: deny", "external: allow");
  folder.write("marketing.yaml", text);
  const reloading = folder.gateway.reload();
  const rest = setTimeout(
    () => appendFileSync(join(folder.teamsDir, "marketing.yaml"), "limits: { team: 1/day }\n"),
    300,
  );
  assert.equal(await reloading, "loaded");
  clearTimeout(rest);
  const loaded = (await folder.policyRecords()).slice(1);
  assert.equal(loaded.length, 1);
  assert.equal((await folder.send(writer, "a@client.example")).status, 202);
  assert.equal((await folder.send(writer, "b@client.example")).status, 429);
});

test("policies that come from a checkout are on record with their commit, its author sealed, and whether files differ", async (t) => {
  const folder = await startFolder(t, TEAMS);
  const git = (...args: readonly string[]) =>
    execFileSync("git", ["-c", "user.name=Ann", "-c", "user.email=ann@acme.example", ...args], {
      ...{ cwd: folder.teamsDir, encoding: "utf8" },
    }).trim();
  git("init", "-q");
  git("add", "-A");
  git("-c", "commit.gpgsign=false", "commit", "-qm", "first");
  const first = git("rev-parse", "HEAD");
  folder.write("marketing.yaml", `${folder.teams["marketing.yaml"]}# changed\n`);
  await until(async () => (await folder.policyRecords()).length === 2, "what differs from its commit");
  folder.write("marketing.yaml", `${folder.teams["marketing.yaml"]}# changed again\n`);
  git("add", "-A");
  git("-c", "commit.gpgsign=false", "commit", "-qm", "second");
  await until(async () => (await folder.policyRecords()).length >= 3, "what is committed");
  const records = await folder.policyRecords();
  const [before, dirty] = records.map(({ data }) => data as LoadedPolicies);
  assert.deepEqual([before?.commit, before?.author], [undefined, undefined]);
  assert.deepEqual([dirty?.commit, dirty?.dirty], [first, true]);
  assert.match(dirty?.author ?? "", /^[\da-f]{64}$/);
  const last = records.at(-1)?.data as LoadedPolicies;
  assert.deepEqual([last.commit, last.dirty], [git("rev-parse", "HEAD"), undefined]);
});

type LoadedPolicies = PolicyData & { readonly result: "loaded" };
