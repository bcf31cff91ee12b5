import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, test } from "node:test";
import { personErasureEntry, policyEntry } from "@countersign/trail";
import { openPostgresTrail } from "@countersign/trail/postgres";
import { startPostgres } from "@countersign/trail/testing/start-postgres";
import { personName } from "../terminal/person_name.ts";
import { emailIntent, NOON, POLICY } from "../testing/create_trail.ts";
import { startOpsAccount } from "../testing/ops_account.ts";
import { runCommands } from "../testing/run_commands.ts";
import { OPS } from "../testing/team_files.ts";
import { tempFolder } from "../testing/temp_folder.ts";

const server = await startPostgres();
after(() => server.remove());

test("Every command that needs the trail finds it where DATABASE_URL says, and shows no password", async (t) => {
  const account = await startOpsAccount(t);
  await account.change({ mode: "autonomous" });
  const url = await server.createDatabase();
  const env = { ...account.env, DATABASE_URL: url };
  const run = (line: string, more: Readonly<Record<string, string>> = {}) => ({
    cwd: account.folder,
    args: line.split(" "),
    env: { ...env, ...more },
  });
  const results = await runCommands([
    run("audit verify"),
    run("doctor"),
    run("apply --yes"),
    run("keys new ops/writer"),
    run("audit list"),
    run("audit verify"),
    run("audit open"),
    run("doctor"),
    run("audit verify", { DATABASE_URL: url.replace("secret_word", "secret_word_2") }),
    run("audit list", { DATABASE_URL: "" }),
    run(`audit list --by ${personName()} --kind drift --json`),
    run("audit list --recipient @client.example"),
    run("audit list --team opps"),
    run("audit list --email 01NOBODY"),
    run("audit report --json"),
    run("audit export --format csv --rows email"),
    run("audit show --seq 0 --json"),
  ]);
  const [none, before, applied, key, list, verified, open, doctor, wrong, elsewhere, ...found] = results;
  assert.equal(none?.code, 1);
  assert.match(
    none?.stderr ?? "",
    /^Cannot open the trail in PostgreSQL: there is none in this database yet/,
  );
  assert.match(before?.stdout ?? "", /\nok {7}trail: There is none in the database yet/);
  assert.equal(applied?.code, 0, applied?.stderr);
  assert.match(JSON.stringify(key), /The trail has it on record/);
  assert.match(list?.stdout ?? "", /drift[\s\S]*key/);
  assert.equal(verified?.code, 0, verified?.stderr);
  assert.equal(open?.code, 0, open?.stderr);
  assert.match(
    doctor?.stdout ?? "",
    /\nok {7}database: PostgreSQL \d+\.\d+ lets tester into trail_1, with fsync=on, synchronous_commit=on, full_page_writes=on; [\d.]+ ms away\n/,
  );
  assert.match(doctor?.stdout ?? "", /\nok {7}trail: It opens, and its head holds: \d+ records\n/);
  assert.match(wrong?.stderr ?? "", /password authentication failed for user "tester"/);
  assert.match(elsewhere?.stderr ?? "", /Cannot find a trail at/);
  assert.doesNotMatch(JSON.stringify(results), /secret_word/);
  const [byMe, domain, team, email, report, rows, shown] = found;
  const settings: readonly { person: string; data: { result: string } }[] = JSON.parse(byMe?.stdout ?? "");
  assert.ok(settings.some(({ person, data }) => person === personName() && data.result === "applied"));
  assert.equal(domain?.stdout, "No record matches\n");
  assert.deepEqual([team?.code, email?.code], [64, 64]);
  assert.match(team?.stderr ?? "", /^Unknown team "opps": did you mean "ops"\?$/m);
  assert.deepEqual([report?.code, JSON.parse(report?.stdout ?? "").total.emails.asked], [0, 0]);
  assert.match(rows?.stdout ?? "", /^receipt,team,[^\n]*\n$/);
  assert.equal(JSON.parse(shown?.stdout ?? "").records[0].seq, 0);
  const trail = await openPostgresTrail(url, { readonly: true });
  assert.ok((await trail.head()).size >= 3);
  await trail.close();
});

test("audit migrate makes the trail as its owner, for a role that serves and can change no record", async () => {
  const url = await server.createDatabase();
  await server.run("CREATE ROLE gateway LOGIN PASSWORD 'serving_word'");
  const gateway = url.replace("tester:secret_word", "gateway:serving_word");
  const run = (line: string, databaseUrl: string) => ({
    args: line.split(" "),
    cwd: tempFolder({}),
    env: databaseUrl === "" ? {} : { DATABASE_URL: databaseUrl },
  });
  const results = await runCommands([
    run("audit migrate", ""),
    run("audit migrate", gateway),
    run("audit migrate --serve-as gateway", url),
    run("audit migrate --serve-as gateway --scrub --json", url),
    run("audit migrate --serve-as nobody", url),
    run("audit migrate", gateway),
    run("audit verify", gateway),
  ]);
  const [nowhere, tooEarly, made, again, unknown, asGateway, verified] = results;
  assert.deepEqual([nowhere?.code, tooEarly?.code, unknown?.code], [1, 1, 1]);
  assert.match(nowhere?.stderr ?? "", /^Set DATABASE_URL: /);
  assert.match(
    tooEarly?.stderr ?? "",
    /permission denied for database .*countersign audit migrate --serve-as/,
  );
  assert.match(
    made?.stdout ?? "",
    /^The trail was made and is of version \d+\nRole "gateway" may add records, and cannot change or remove one\n/,
  );
  const { from, to, ...more } = JSON.parse(again?.stdout || assert.fail(again?.stderr));
  assert.equal(from, to);
  assert.deepEqual(more, { serve_as: "gateway", scrubbed: true });
  assert.match(unknown?.stderr ?? "", /^Cannot migrate the trail in PostgreSQL: there is no role "nobody"/);
  assert.equal(asGateway?.code, 0, "there is nothing to do that it may not");
  assert.equal(verified?.code, 0, verified?.stderr);
  assert.doesNotMatch(JSON.stringify(results), /secret_word|serving_word/);
  const trail = await openPostgresTrail(gateway);
  assert.ok((await trail.append(emailIntent("rcp_1", { to: "ann@client.example" }))).ok);
  await trail.close();
});

test("replay and audit policies read a trail in PostgreSQL as one in a file, also after a person was erased", async () => {
  const policy = `${OPS}attachments: { allow: [application/pdf] }\n`;
  const folder = tempFolder({
    "teams/ops.yaml": policy,
    "looser/ops.yaml": policy.replace('deny: ["*@rival.example"]', "deny: []"),
    "stricter/ops.yaml": policy.replace("*@rival.example", "*@client.example"),
  });
  const url = await server.createDatabase();
  const trail = await openPostgresTrail(url);
  const hash = createHash("sha256").update(policy).digest("hex");
  const commit = { id: "ab".repeat(20), author: "Ann <ann@acme.example>", isDirty: false };
  const texts = [{ hash, text: policy }];
  const data = { result: "loaded", files: [{ name: "ops.yaml", hash }] } as const;
  await trail.append(policyEntry(data, { at: NOON, policy: POLICY, texts, commit }));
  const facts = { after: 5, files: [{}] };
  const denied = { rule: "recipients.deny", where: "teams/ops.yaml:15:10" };
  const live = { facts: { ...facts, live: JSON.stringify({ auto_bcc: "jane@client.example" }) } };
  // More than are read in one go.
  for (let index = 0; index < 250; index++)
    await trail.append(emailIntent(`rcp_${index}`, { to: `p${index}@client.example`, facts }));
  await trail.append(emailIntent("rcp_denied", { to: "max@rival.example", facts, denied }));
  const drifted = emailIntent("rcp_drifted", { to: "bob@client.example", ...live, denied });
  await trail.append(drifted);
  await trail.append(emailIntent("rcp_old", { to: "bob@client.example" }));
  const run = (line: string) => ({ args: line.split(" "), cwd: folder, env: { DATABASE_URL: url } });
  const json = (result: { readonly stdout: string; readonly stderr: string } | undefined) =>
    JSON.parse(result?.stdout || assert.fail(result?.stderr));
  const lines = ["replay teams", "replay looser", "replay stricter"].map((line) => `${line} --format json`);
  const [same, looser, stricter, policies, text] = await runCommands([
    ...lines.map(run),
    run("audit policies --json"),
    run("audit policies --at 2026-11-24 ops"),
  ]);
  assert.equal(json(same).requests, 253);
  assert.equal(json(same).not_replayed.without_facts, 1);
  assert.deepEqual(json(same).changes, []);
  assert.equal(json(looser).counts.newly_allowed, 1);
  // 250, of which fewer are listed; the drifted one is refused anyway.
  assert.equal(json(stricter).counts.newly_denied, 250);
  assert.deepEqual([json(policies)[0].author, text?.stdout], [commit.author, policy]);

  const commitments = (drifted.sealed ?? []).flatMap((one) => (one.kind === "text" ? [one.commitment] : []));
  await trail.append(personErasureEntry({ commitments, by: "ann", reason: "Asked" }, NOON + 60_000));
  await trail.close();
  const [erased] = await runCommands([run(lines[0] ?? "")]);
  assert.equal(json(erased).not_replayed.erased, 1);
  assert.equal(json(erased).replayed, json(same).replayed - 1);
});
