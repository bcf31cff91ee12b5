import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { personErasureEntry } from "@countersign/trail";
import { createTrail, emailIntent, NOON } from "../testing/create_trail.ts";
import { runCommands } from "../testing/run_commands.ts";
import { tempFolder } from "../testing/temp_folder.ts";

const POLICY = `team: ops
mailbox: { id: mbx-ops, address: ops@acme.multimail.dev }
oversight: gated_all
approvers: [lead@acme.example]
assistants: [{ id: writer }]
recipients: { internal: [acme.example], external: require_approval, deny: ["*@rival.example"] }
attachments: { allow: [application/pdf] }
`;
const STRICTER = POLICY.replace('deny: ["*@rival.example"]', 'deny: ["*@rival.example", "*@client.example"]');
const LOOSER = POLICY.replace(', deny: ["*@rival.example"]', "");
const UNSEEN = POLICY.replace("gated_all", "monitored").replace("require_approval", "allow");
const ASKING = `${POLICY}first_contact: deny\n`;
const FACTS = { after: 5, files: [{}] };

test("replay tells its coverage first, then what a candidate changes, and exits 2 when more is allowed", async () => {
  const folder = tempFolder({
    "teams/ops.yaml": POLICY,
    "stricter/ops.yaml": STRICTER,
    "looser/ops.yaml": LOOSER,
    "unseen/ops.yaml": UNSEEN,
    "asking/ops.yaml": ASKING,
  });
  const git = (...args: readonly string[]) =>
    execFileSync("git", ["-c", "user.name=Ann", "-c", "user.email=ann@acme.example", ...args], {
      cwd: folder,
    });
  git("init", "-q");
  git("add", "looser");
  git("commit", "-qm", "Looser");
  const trail = await createTrail(folder, POLICY);
  const denied = { rule: "recipients.deny", where: "teams/ops.yaml:6" };
  const mine = emailIntent("rcp_2", { to: "jane@client.example", facts: FACTS });
  const intents = [
    emailIntent("rcp_1", { to: "ann@acme.example", facts: FACTS }),
    mine,
    emailIntent("rcp_3", { to: "max@rival.example", facts: FACTS, denied }),
    emailIntent("rcp_4", { to: "bob@client.example" }),
    emailIntent("rcp_5", { to: "ann@acme.example", facts: { after: 1, beyond: true }, denied }),
  ];
  for (const intent of intents) await trail.append(intent);
  const run = (line: string) => ({ args: `replay ${line}`.split(" "), cwd: folder });
  const json = (candidate: string) => run(`${candidate} --format json`);
  const read = (result: { readonly stdout: string } | undefined) => JSON.parse(result?.stdout ?? "");
  const [same, byHash, tighter, looser, unseen, asking, text, comment, nowhere, option] = await runCommands([
    ...[
      json("teams"),
      json("trail:d2d2"),
      json("stricter"),
      json("HEAD:looser"),
      json("unseen"),
      json("asking"),
    ],
    ...[run("looser"), run("looser --format markdown"), run("nowhere"), run("--since=9999-01-01 teams")],
  ]);
  for (const unchanged of [same, byHash]) {
    assert.equal(unchanged?.code, 0, unchanged?.stderr);
    const { requests, replayed, not_replayed, changes } = read(unchanged);
    assert.deepEqual([requests, replayed, changes], [5, 3, []]);
    assert.deepEqual(not_replayed, { erased: 0, without_facts: 1, beyond_policy: 1, not_looked_up: 0 });
  }
  assert.equal(tighter?.code, 0);
  assert.deepEqual(
    read(tighter).changes.map((one: { change: string; receipt: string }) => [one.change, one.receipt]),
    [["newly_denied", "rcp_2"]],
  );
  assert.equal(looser?.code, 2, looser?.stderr);
  const [allowed] = read(looser).changes;
  assert.deepEqual([allowed.change, allowed.receipt, allowed.after.held], ["newly_allowed", "rcp_3", true]);
  assert.deepEqual(allowed.before.reasons, ["recipients.deny: This is refused (teams/ops.yaml:6)"]);
  assert.deepEqual([unseen?.code, read(unseen).counts.newly_unseen], [2, 2]);
  // The denied one stays denied, whoever was known.
  assert.deepEqual([asking?.code, read(asking).replayed], [0, 1]);
  assert.deepEqual(read(asking).wanting, { first_contact: 2 });
  const lines = (text?.stdout ?? "").split("\n");
  assert.equal(lines[0], '3 of 5 requests judged again exactly by "looser"');
  assert.match(
    text?.stdout ?? "",
    /\nNewly allowed: 1 request\n {2}rcp_3 {2}2026-11-23[^\n]*ops\/writer {2}send to @rival\.example\n {4}was denied by recipients\.deny: This is refused/,
  );
  assert.match(text?.stdout ?? "", /\n {4}now held for a person/);
  assert.match(comment?.stdout ?? "", /^### Recorded requests, judged again\n\n3 of 5 /);
  assert.equal(nowhere?.code, 1);
  assert.match(nowhere?.stderr ?? "", /^Cannot find policies at "nowhere"/m);
  assert.match(option?.stdout ?? "", /^No request is on record in that time/);

  const commitments = (mine.sealed ?? [])
    .filter(({ kind }) => kind === "address")
    .map((one) => one.commitment);
  await trail.append(personErasureEntry({ commitments, by: "ann", reason: "Asked" }, NOON + 60_000));
  await trail.close();
  const [after] = await runCommands([{ ...json("stricter"), env: { DATA_DIR: join(folder, "data") } }]);
  assert.deepEqual([read(after).not_replayed.erased, read(after).changes], [1, []]);
});
