import assert from "node:assert/strict";
import { test } from "node:test";
import type { LifecycleData, TrailEntry } from "@countersign/trail";
import { createTrail, emailIntent, emailOutcome, NOON } from "../testing/create_trail.ts";
import { type CommandResult, runCommands } from "../testing/run_commands.ts";
import { OPS } from "../testing/team_files.ts";
import { tempFolder } from "../testing/temp_folder.ts";

const HOUR = 3_600_000;
const cwd = tempFolder();
const trail = await createTrail(cwd, OPS);
const to = "jane@client.example";
const deny = (rule: string) => ({ to, denied: { rule, where: "ops.yaml:9:1" } });
const late = { to, at: Date.parse("2026-11-30T23:30:00Z") };
await trail.append(emailIntent("rcp_before", { to, at: Date.parse("2026-10-31T23:59:59Z") }));
for (const receipt of ["rcp_quick", "rcp_slow", "rcp_no", "rcp_waits"]) {
  await trail.append(emailIntent(receipt, { to }));
  await trail.append(emailOutcome(receipt, "accepted"));
}
await trail.append(step("rcp_quick", "approved", NOON + 60_000));
await trail.append(step("rcp_quick", "delivered", NOON + 2 * 60_000));
await trail.append(step("rcp_slow", "approved", NOON + 3 * HOUR));
// Known only later, and still of this email.
await trail.append(step("rcp_slow", "bounced", Date.parse("2026-12-02T00:00:00Z")));
await trail.append(step("rcp_no", "rejected", NOON + 30 * HOUR));
await trail.append(emailIntent("rcp_open", late));
await trail.append({ ...emailIntent("rcp_sales", deny("limits")), team: "sales" });
await trail.append(emailIntent("rcp_d1", deny("recipients.deny")));
await trail.append(emailIntent("rcp_d2", deny("recipients.deny")));
await trail.append(emailIntent("rcp_d3", deny("content.block")));
await trail.append(emailIntent("rcp_after", { to, at: Date.parse("2026-12-01T00:00:00Z") }));

const lines = [
  "--month 2026-11",
  "--month 2026-11 --json",
  "--month 2026-11 --format csv",
  "--month 2026-11 --team sales --json",
  "--month 2026-11 --tz Europe/Berlin --json",
  "--month 2025-01",
  "--month 2026-11 --team slaes",
  "--month 2026-13",
  "--month november",
  "--json --format csv",
];
const results = await runCommands(
  lines.map((text) => ({ args: ["audit", "report", ...text.split(" ")], cwd })),
);
const run = (text: string): CommandResult => results[lines.indexOf(text)] ?? assert.fail(text);
await trail.close();

test("audit report counts emails, denials by rule, approvals and how long they took, by team", () => {
  const { month, since, until, teams, total } = JSON.parse(run("--month 2026-11 --json").stdout);
  assert.deepEqual(
    [month, since, until],
    ["2026-11", "2026-11-01T00:00:00.000Z", "2026-12-01T00:00:00.000Z"],
  );
  const [ops, sales] = teams;
  assert.deepEqual([teams.length, ops.team, sales.team], [2, "ops", "sales"]);
  assert.deepEqual(ops.emails, {
    ...{ asked: 8, denied: 3, held: 5, left: 2, delivered: 1, bounced: 1 },
    ...{ complained: 0, cancelled: 0, failed: 0, open: 1 },
  });
  assert.deepEqual(Object.entries(ops.denials), [
    ["recipients.deny", 2],
    ["content.block", 1],
  ]);
  assert.deepEqual(ops.approvals, {
    ...{ approved: 2, rejected: 1, waiting: 1 },
    wait_seconds: { median: 3 * 3600, mean: Math.round((60 + 3 * 3600 + 30 * 3600) / 3), longest: 30 * 3600 },
  });
  assert.deepEqual(
    [sales.emails.asked, sales.denials, sales.approvals.wait_seconds],
    [1, { limits: 1 }, null],
  );
  assert.deepEqual([total.emails.asked, total.approvals.approved], [9, 2]);
});

test("audit report is text for people, and CSV with a number a row", () => {
  const { stdout } = run("--month 2026-11");
  assert.match(stdout, /^2026-11 \(UTC\): 9 emails asked for by 2 teams\n\nTEAM +ASKED +DENIED/);
  assert.match(stdout, /\nops +8 +3 +5 +2 +1 +1 +0 +0 +0 +1\n/);
  assert.match(stdout, /\nops +recipients\.deny +2\n/);
  assert.match(stdout, /\nops +2 +1 +1 +3 h 0 min +11 h 0 min +1 d 6 h\n/);
  const csv = run("--month 2026-11 --format csv").stdout.trimEnd().split("\r\n");
  assert.equal(csv[0], "month,team,measure,name,value");
  for (const row of [
    "2026-11,ops,email,asked,8",
    "2026-11,ops,denied_by,recipients.deny,2",
    "2026-11,ops,approval_wait_seconds,longest,108000",
  ])
    assert.ok(csv.includes(row), row);
});

test("audit report keeps to the team and the time zone that are asked for", () => {
  assert.deepEqual(
    JSON.parse(run("--month 2026-11 --team sales --json").stdout).teams.map(
      ({ team }: { team: string }) => team,
    ),
    ["sales"],
  );
  const berlin = JSON.parse(run("--month 2026-11 --tz Europe/Berlin --json").stdout);
  // The last of October in UTC is in; the last of November is December there.
  assert.deepEqual([berlin.since, berlin.total.emails.open], ["2026-10-31T23:00:00.000Z", 1]);
  assert.equal(run("--month 2025-01").stdout, "2025-01 (UTC): 0 emails asked for by 0 teams\n");
});

test("audit report refuses what is no month, and a team that there is not", () => {
  for (const [text, message] of [
    ["--month 2026-11 --team slaes", /^Unknown team "slaes": did you mean "sales"\?$/m],
    ["--month 2026-13", /^Cannot take "2026-13" for --month <month>, a month is needed/],
    ["--month november", /a month is needed, like 2026-11/],
    ["--json --format csv", /^--json and --format csv are not given together/],
  ] as const) {
    assert.equal(run(text).code, 64, text);
    assert.match(run(text).stderr, message);
  }
});

function step(receipt: string, event: LifecycleData["event"], at: number): TrailEntry {
  const { team, assistant } = emailIntent(receipt, { to });
  const data: LifecycleData = {
    ...{ event, email: "em-1", happened_at: new Date(at).toISOString(), by: null, reason: null },
    ...{ bounce_type: null, learnt_by: "polling", multimail_status: null, final: false },
  };
  return { kind: "lifecycle", at: at + 5_000, team, assistant, receipt, policy: null, data };
}
