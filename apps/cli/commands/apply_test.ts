import assert from "node:assert/strict";
import { test } from "node:test";
import { OPS_MAILBOX, startOpsAccount } from "../testing/ops_account.ts";
import { runCommands } from "../testing/run_commands.ts";
import { runProcess } from "../testing/run_process.ts";

test("plan and apply exit as they find MultiMail, and show no key, and a webhook's secret once", async (t) => {
  const account = await startOpsAccount(t);
  const { folder: cwd, env } = account;
  await account.change({ mode: "autonomous" });
  const run = (line: string, more: Readonly<Record<string, string>> = {}) => ({
    cwd,
    args: line.split(" "),
    env: { ...env, ...more },
  });
  const results = await runCommands([
    run("plan"),
    run("plan --json"),
    run("apply", { MULTIMAIL_ADMIN_KEY: "" }),
    run("apply --yes --json", { DATA_DIR: `${cwd}/teams/ops.yaml` }),
    run("apply --yes", { DATABASE_URL: "postgres://u:secret@127.0.0.1:9/x" }),
    run("apply --yes --json"),
    run("plan"),
    run("plan --json", { MULTIMAIL_ADMIN_KEY: "mm_test_nobody_knows_it" }),
    run("plan", { MULTIMAIL_API_URL: "ftp://x" }),
    run("plan", { TEAMS_DIR: "nowhere" }),
    run("apply --code A7X 29K"),
    run("apply --code rm*"),
    run("apply --webhook --yes"),
  ]);
  assert.deepEqual(
    results.map(({ code }) => code),
    [2, 2, 1, 1, 1, 0, 0, 1, 1, 1, 64, 64, 2],
    JSON.stringify(results),
  );
  const [plan, json, noAdmin, noFolder, noDatabase, applied, after] = results;
  assert.match(
    plan?.stdout ?? "",
    /^ops\n {2}~ oversight: autonomous at MultiMail, declared gated_send \(stricter\)/,
  );
  assert.equal(JSON.parse(json?.stdout ?? "").differences[0].effect, "stricter");
  assert.match(noAdmin?.stderr ?? "", /set MULTIMAIL_ADMIN_KEY/);
  assert.match(noFolder?.stderr ?? "", /Cannot use data folder/);
  assert.match(noDatabase?.stderr ?? "", /^Cannot open the trail in PostgreSQL: connect ECONNREFUSED/);
  const { changes, left } = JSON.parse(applied?.stdout ?? "");
  assert.deepEqual([changes[0].result, left.in_step], ["applied", true]);
  assert.equal(after?.stdout, "MultiMail is as it is declared\n");
  const shown = JSON.stringify(results);
  const { apiKey, adminKey, webhookSecret } = account.sandbox;
  for (const secret of [apiKey, adminKey, webhookSecret, "u:secret"]) assert.ok(!shown.includes(secret));

  const [subscribed] = await runCommands([run(`apply --webhook --yes --code ${account.lastCode()}`)]);
  assert.equal(subscribed?.code, 0, subscribed?.stderr);
  assert.match(subscribed?.stderr ?? "", new RegExp(`once: ${webhookSecret}\n.*MULTIMAIL_WEBHOOK_SECRET`));
  assert.ok(!subscribed?.stdout.includes("whsec_"));
});

test("apply takes answers and codes from standard input, and makes stricter again what an old code loosened", async (t) => {
  const account = await startOpsAccount(t);
  await account.change({ mode: "read_only" });
  const admin = account.access.admin?.client;
  await admin?.requestUpgrade(OPS_MAILBOX, "autonomous");
  const result = await runProcess({
    cwd: account.folder,
    env: account.env,
    args: ["apply", "--code", account.lastCode()],
    input: "y\n",
  });
  assert.equal(result.code, 0, result.stderr);
  assert.equal((await admin?.getMailbox(OPS_MAILBOX))?.oversightMode, "gated_send");
  assert.match(result.stderr, /Make it so\? \[y\/N\]/);
});
