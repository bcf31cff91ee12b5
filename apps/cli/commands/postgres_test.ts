import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openPostgresTrail } from "@countersign/trail/postgres";
import { startPostgres } from "@countersign/trail/testing/start-postgres";
import { personName } from "../terminal/person_name.ts";
import { startOpsAccount } from "../testing/ops_account.ts";
import { runCommands } from "../testing/run_commands.ts";

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
