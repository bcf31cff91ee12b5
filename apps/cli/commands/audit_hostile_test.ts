import assert from "node:assert/strict";
import { test } from "node:test";
import type { RecordKind, TrailEntry } from "@countersign/trail";
import { RECORD_KINDS } from "@countersign/trail";
import { createTrail, emailIntent, NOON } from "../testing/create_trail.ts";
import { type CommandResult, runCommands } from "../testing/run_commands.ts";
import { OPS } from "../testing/team_files.ts";
import { tempFolder } from "../testing/temp_folder.ts";

/** What no record of any kind holds; a terminal would obey it. */
const DATA = {
  action: 7,
  findings: "constructor",
  below: 1,
  filter: null,
  note: "\u001b[2J\u202egone",
  x: [{}],
};

/** A store erases by it as it appends it. */
const ERASURE = { ...DATA, commitments: [], below: null };

const cwd = tempFolder();
const trail = await createTrail(cwd, OPS);
await trail.append(emailIntent("rcp_good", { to: "jane@client.example" }));
for (const kind of RECORD_KINDS) if (kind !== "checkpoint") await trail.append(malformed(kind));
await trail.append(emailIntent("rcp_last", { to: "last@client.example" }));
await trail.close();

const LINES = {
  list: ["list"],
  show: ["show", "rcp_bad"],
  csv: ["export", "--format", "csv"],
  "csv of emails": ["export", "--format", "csv", "--rows", "email"],
  ocsf: ["export", "--format", "ocsf"],
  report: ["report", "--month", "2026-11"],
  verify: ["verify"],
} as const;
const results = await runCommands(Object.values(LINES).map((args) => ({ args: ["audit", ...args], cwd })));
const run = (name: keyof typeof LINES): CommandResult =>
  results[Object.keys(LINES).indexOf(name)] ?? assert.fail(name);

const kinds = RECORD_KINDS.filter((kind) => kind !== "checkpoint");

test("audit list names each record that is unreadable, and goes on", () => {
  const { code, stdout } = run("list");
  assert.equal(code, 0);
  for (const kind of kinds) assert.match(stdout, new RegExp(`rcp_bad +UNREADABLE ${kind} 7 `));
  assert.match(stdout, /rcp_last +send held, to @client\.example$/m);
});

test("audit show shows what lies in each record that is unreadable", () => {
  const { code, stdout } = run("show");
  assert.equal(code, 0);
  assert.equal(stdout.match(/^ {2}UNREADABLE /gm)?.length, kinds.length);
  assert.match(stdout, /^ {2}findings +constructor$/m);
});

test("audit list and show let no terminal obey what lies in a record", () => {
  for (const name of ["list", "show"] as const) assert.doesNotMatch(run(name).stdout, /(?!\n)\p{Cc}|\u202e/u);
});

test("audit export writes records that are unreadable as CSV and OCSF, and goes on", () => {
  for (const name of ["csv", "csv of emails", "ocsf"] as const) assert.equal(run(name).code, 0, name);
  for (const kind of kinds) assert.match(run("csv").stdout, new RegExp(`rcp_bad,UNREADABLE ${kind} 7 `));
  assert.match(run("csv of emails").stdout, /^rcp_bad,ops,bot,,,,unreadable,/m);
  assert.match(run("csv of emails").stdout, /^rcp_last,/m);
  const events = run("ocsf")
    .stdout.trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    events.map(({ message }) => message.split(" ").slice(0, 2).join(" ")),
    ["send held,", "UNREADABLE intent", "UNREADABLE outcome", "UNREADABLE lifecycle", "send held,"],
  );
});

test("audit report and verify go on past records that are unreadable", () => {
  assert.match(run("report").stdout, /2 emails asked for/);
  assert.match(run("verify").stdout, /^The trail is whole: /);
});

function malformed(kind: RecordKind): TrailEntry {
  const frame = { at: NOON, team: "ops", assistant: "bot", receipt: "rcp_bad", policy: null };
  return { kind, ...frame, data: kind === "erasure" ? ERASURE : DATA } as unknown as TrailEntry;
}
