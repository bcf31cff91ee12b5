import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openPostgresTrail } from "@countersign/trail/postgres";
import { startPostgres } from "@countersign/trail/testing/start-postgres";
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
  ]);
  const [none, before, applied, key, list, verified, open, doctor, wrong, elsewhere] = results;
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
  const trail = await openPostgresTrail(url, { readonly: true });
  assert.ok((await trail.head()).size >= 3);
  await trail.close();
});
