import assert from "node:assert/strict";
import { test } from "node:test";
import { createTrail, emailIntent, emailOutcome } from "../testing/create_trail.ts";
import { type CommandResult, runCommands } from "../testing/run_commands.ts";
import { OPS } from "../testing/team_files.ts";
import { tempFolder } from "../testing/temp_folder.ts";

const cwd = tempFolder();
const trail = await createTrail(cwd, OPS);
const ann = { issuer: "https://login.acme.example", subject: "u-ann" };
const to = "jane@client.example";
const person = { ...ann, address: "Ann@acme.example", claims: ["sales"] };
await trail.append(emailIntent("rcp_ann", { to, person }));
await trail.append(emailIntent("rcp_unproven", { to, person: { ...ann, subject: "u-bob" }, unproven: true }));
await trail.append(emailIntent("rcp_nobody", { to }));
await trail.append(emailIntent("rcp_to_ann", { to: "ann@acme.example" }));
await trail.append(emailOutcome("rcp_nobody", "refused"));
await trail.append(emailOutcome("rcp_to_ann", "refused"));
await trail.close();

const lines: Readonly<Record<string, readonly string[]>> = {
  list: ["list", "--user", "ann+x@ACME.example"],
  all: ["list"],
  json: ["list", "--json"],
  "no address": ["list", "--user", "ann"],
  "with --by": ["list", "--user", "ann@acme.example", "--by", "lead"],
  "of another kind": ["list", "--user", "ann@acme.example", "--kind", "outcome"],
  show: ["show", "rcp_ann"],
  unproven: ["show", "rcp_unproven"],
  open: ["open"],
  report: ["report", "--month", "2026-11"],
  csv: ["export", "--format", "csv", "--user", "ann@acme.example", "--values", "--reason", "x"],
  sealed: ["export", "--format", "csv", "--user", "ann@acme.example"],
};
const results = await runCommands(Object.values(lines).map((args) => ({ args: ["audit", ...args], cwd })));
const run = (name: string): CommandResult => results[Object.keys(lines).indexOf(name)] ?? assert.fail(name);

test("audit list finds what somebody asked an assistant for, and says who asked", () => {
  const { stdout } = run("list");
  assert.match(stdout, /rcp_ann .*send held, to @client\.example, asked by Ann@acme\.example/);
  assert.match(stdout, /^1 of 1 record$/m);
  const all = run("all").stdout;
  assert.match(
    all,
    /rcp_unproven .*assistant NOT PROVEN by its key, asked by u-bob at https:\/\/login\.acme\.example/,
  );
  assert.doesNotMatch(all, /rcp_nobody .*asked by/);
  const users = (JSON.parse(run("json").stdout) as { receipt: string | null; user?: string }[]).flatMap(
    ({ receipt, user }) => (user === undefined ? [] : [[receipt, user]]),
  );
  assert.deepEqual(users, [
    ["rcp_ann", "Ann@acme.example"],
    ["rcp_unproven", "u-bob at https://login.acme.example"],
  ]);
});

test("audit list refuses a user who can be nobody", () => {
  for (const name of ["no address", "with --by", "of another kind"]) {
    assert.equal(run(name).code, 64, name);
    assert.equal(run(name).stderr.trimEnd().split("\n").length, 1);
  }
});

test("audit show and open tell who asked, and whether it was this assistant", () => {
  assert.match(
    run("show").stdout,
    /asked by +Ann@acme\.example\n +signed in +as u-ann at https:.*\n +groups +sales/,
  );
  assert.doesNotMatch(run("show").stdout, /NOT PROVEN/);
  assert.match(run("unproven").stdout, /asked by +u-bob at .*\n +assistant +NOT PROVEN by its key/);
  assert.match(run("open").stdout, /rcp_ann {2}ops\/writer for Ann@acme\.example {2}since/);
});

test("audit export shows who asked with values only, and audit report shows nobody", () => {
  const [head = "", row = "", ...more] = run("csv").stdout.trimEnd().split("\r\n");
  assert.match(head, /,user,user_subject,user_issuer,assistant_proven$/);
  assert.match(row, /,Ann@acme\.example,u-ann,https:\/\/login\.acme\.example,yes$/);
  assert.deepEqual(more, []);
  assert.doesNotMatch(run("sealed").stdout, /u-ann|Ann@/);
  assert.match(run("sealed").stdout, /,,,,yes$/m);
  assert.equal(run("report").code, 0);
  assert.doesNotMatch(run("report").stdout, /ann@|Ann@|u-ann/);
});
