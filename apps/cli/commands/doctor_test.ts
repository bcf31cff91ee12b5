import assert from "node:assert/strict";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { refusedEntry } from "@countersign/trail";
import { openSqliteTrail, rawDatabase } from "@countersign/trail/sqlite";
import type { Diagnosis } from "../plan/diagnosis.ts";
import { startOpsAccount } from "../testing/ops_account.ts";
import { type CommandResult, runCommands } from "../testing/run_commands.ts";
import { OPS } from "../testing/team_files.ts";
import { tempFolder } from "../testing/temp_folder.ts";

const KEYED = OPS.replace("keys: [] ", `keys: ["sha256:${"0a".repeat(32)}"] `).replace(
  "- id: reader",
  `- id: reader\n    keys: ["sha256:${"1b".repeat(32)}"]`,
);

/** `level what: message` of what is not all right. */
function worries(result: CommandResult | undefined): readonly string[] {
  const { findings } = JSON.parse(result?.stdout ?? "") as { findings: Diagnosis[] };
  return findings
    .filter(({ level }) => level !== "ok")
    .map(({ level, what, message }) => `${level} ${what}: ${message}`);
}

function assertWorries(result: CommandResult | undefined, wanted: readonly RegExp[]): void {
  const found = worries(result);
  assert.equal(found.length, wanted.length, found.join("\n"));
  for (const [index, pattern] of wanted.entries()) assert.match(found[index] ?? "", pattern);
}

async function addRecord(folder: string): Promise<string> {
  mkdirSync(`${folder}/data`, { mode: 0o700 });
  const path = `${folder}/data/trail.sqlite`;
  const trail = await openSqliteTrail(path);
  for (let at = 0; at < 5; at++) await trail.append(refusedEntry([], { at, policy: null }));
  await trail.close();
  return path;
}

test("doctor finds what is wrong, says what to do, and goes on when half of it is broken", async (t) => {
  const account = await startOpsAccount(t);
  const drifted = await startOpsAccount(t);
  await drifted.change({ mode: "autonomous" });
  const healthy = tempFolder({ "teams/ops.yaml": KEYED });
  await addRecord(healthy);
  const tampered = tempFolder({ "teams/ops.yaml": KEYED });
  const path = await addRecord(tampered);
  // Somebody changes the last record.
  const database = rawDatabase(path);
  database.exec("UPDATE records SET at = at + 1 WHERE seq = (SELECT max(seq) FROM records)");
  database.close();
  const open = tempFolder({ "teams/ops.yaml": OPS, "data/audit_key.pem": "" });
  chmodSync(`${open}/data`, 0o755);
  chmodSync(`${open}/data/audit_key.pem`, 0o644);
  const broken = tempFolder({ "teams/ops.yaml": "team: ops\n" });
  writeFileSync(`${broken}/data`, "a file");

  const secrets = { MULTIMAIL_OVERSIGHT_KEY: account.sandbox.oversightKey };
  const env = { ...account.env, ...secrets };
  const args = ["doctor", "--json"];
  const results = await runCommands([
    { cwd: healthy, args, env },
    { cwd: healthy, args: ["doctor"], env },
    { cwd: tampered, args, env },
    {
      cwd: open,
      args,
      env: {
        ...drifted.env,
        MULTIMAIL_APIKEY: "x",
        PUBLIC_URL: "http://mail.acme.example",
        AUDIT_CHECKPOINT_TO: "file:/nowhere/,http://127.0.0.1:9/?token=secret_word",
      },
    },
    {
      cwd: broken,
      args,
      env: {
        PORT: "http",
        MULTIMAIL_API_URL: "http://127.0.0.1:9",
        MULTIMAIL_API_KEY: "mm_test_secret_key",
        DATABASE_URL: "postgres://u:secret_word@127.0.0.1:9/x",
        AUDIT_SIGNING_KEY: "file:/nowhere/key.pem",
      },
    },
  ]);
  const [well, shown, changed, careless, bad] = results;
  assert.deepEqual(
    results.map(({ code }) => code),
    [0, 0, 1, 1, 1],
    JSON.stringify(results),
  );
  assertWorries(well, [/exception from recipients.max_per_email has expired/]);
  assert.match(shown?.stdout ?? "", /^ok {7}environment: 4 of \d+ .*\n/);
  assert.match(shown?.stdout ?? "", /\n {9}→ Ask lead@acme\.example .*\n/);
  assert.match(
    shown?.stdout ?? "",
    /\nok {7}trail: It opens, with synchronous=FULL, and its head holds: 5 records\n/,
  );
  assert.match(shown?.stdout ?? "", /\d+ ok, 1 warning, 0 problems\n$/);
  assertWorries(changed, [/exception/, /^problem trail: Its head is not that of its last record/]);
  assertWorries(careless, [
    /^warning environment: MULTIMAIL_APIKEY is read by nothing/,
    /^problem public url: .* is not https/,
    /^warning policies: No key, .* have: ops\/writer, ops\/reader$/,
    /^warning policies: The exception/,
    /^problem data folder: "\.\/data" is open to everybody on this machine \(mode 755\)/,
    /^problem data folder: "data\/audit_key\.pem" can be read by others/,
    /^problem checkpoints: file:\/nowhere\/ is no folder/,
    /^problem checkpoints: http:\/\/127\.0\.0\.1:9\/ does not answer$/,
    /^problem drift: MultiMail is not as it is declared, so that nothing is sent for: ops$/,
  ]);
  assertWorries(bad, [
    /^problem environment: PORT must be/,
    /^warning public url: It could not be looked at/,
    ...Array.from(
      { length: worries(bad).filter((line) => line.includes(" policies: ")).length },
      () => /^problem policies: /,
    ),
    /^problem data folder: .* is a file/,
    /^problem trail: Cannot use the database of DATABASE_URL: connect ECONNREFUSED 127\.0\.0\.1:9/,
    /^problem signing key: Cannot read/,
    /^problem checkpoints: Cannot use the database/,
    /^problem database: Cannot use the database of DATABASE_URL: connect ECONNREFUSED 127\.0\.0\.1:9/,
    /^problem multimail: MultiMail cannot be reached/,
    /^warning drift: It could not be looked at: the policies have problems/,
  ]);
  const text = JSON.stringify(results);
  for (const secret of ["secret_key", "secret_word", account.sandbox.apiKey, account.sandbox.adminKey]) {
    assert.ok(!text.includes(secret), secret);
  }
});
