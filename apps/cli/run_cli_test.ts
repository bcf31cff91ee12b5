import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { ENV, runCommands } from "./testing/run_commands.ts";
import { runProcess } from "./testing/run_process.ts";
import { OPS } from "./testing/team_files.ts";
import { tempFolder } from "./testing/temp_folder.ts";

const folder = tempFolder({ "teams/ops.yaml": OPS });

/** Command lines that cannot be understood → what the one line on stderr says. */
const USAGE_ERRORS: Readonly<Record<string, RegExp>> = {
  "": /^No command given: write "countersign init\|check\|.*"$/,
  chek: /^Unknown command "chek": did you mean "countersign check"\?$/,
  frobnicate: /^Unknown command "frobnicate": write "countersign init\|/,
  "help chek": /^No command given: /,
  "check --jsn": /^Unknown option "--jsn": did you mean "countersign check --json"\?$/,
  "check teams more": /^Too many arguments for "check".*: write "countersign check \[dir\]"$/,
  explain: /^Missing required argument "team": write "countersign explain <team> \[assistant\]"$/,
  "decide request.json":
    /^Required option "--as <team\/assistant>" not specified: write "countersign decide --as/,
  "decide --as ops request.json":
    /^Cannot take "ops" for --as <team\/assistant>, a team and one of its assistants/,
  "decide --as ops/writer --now soon r.json": /^Cannot take "soon" for --now <time>, a time is needed/,
  "test --min-coverage 101": /^Cannot take "101" for --min-coverage <percent>, a percentage from 0 to 100/,
  "test --min-coverage": /^Option "--min-coverage <percent>" argument missing: write/,
  keys: /^No command given: write "countersign keys new\|list\|revoke"$/,
  "keys nwe ops/writer": /^Unknown command "nwe": did you mean "countersign keys new"\?$/,
  "keys new ops":
    /^Cannot take "ops" for team\/assistant, .*: write "countersign keys new <team\/assistant>"$/,
  "keys revoke ops/writer":
    /^Either the beginning of a hash or --all is needed: write "countersign keys revoke/,
  "keys revoke ops/writer 1234 --all": /^Either the beginning of a hash or --all is needed/,
  instructions: /^Missing required argument "team\/assistant": write/,
  "init --oversigt gated_all": /^Unknown option "--oversigt": did you mean "countersign init --oversight"\?$/,
  "init --team ops": /^Missing --mailbox-id --mailbox-address --approvers --assistants: write/,
  audit: /^No command given: write "countersign audit list\|/,
  "audit lst": /^Unknown command "lst": did you mean "countersign audit list"\?$/,
  "audit shw --team list": /^Unknown command "shw": did you mean "countersign audit show"\?$/,
  "audit list --limit 0":
    /^Cannot take "0" for --limit <n>, a number from 1 is needed: write "countersign audit list/,
  "audit list --since soon": /^Cannot take "soon" for --since <time>, a time is needed/,
  "audit list --since 2026-02-30": /^Cannot take "2026-02-30" for --since <time>, there is no day 2026-02-30/,
  "audit list --limit 1 --limit 2": /^--limit <n> is given twice: write "countersign audit list/,
  "explain opps": /^Unknown team "opps": did you mean "ops"\?$/,
  "explain ops wirter": /^Unknown assistant of team ops "wirter": did you mean "writer"\?$/,
  "keys list opps": /^Unknown team "opps"/,
  "keys list ops/writer/x": /^"ops\/writer\/x" is neither a team nor team\/assistant: write/,
  "explain ops/writer reader": /^One team and at most one of its assistants are explained: write/,
  "explain ops/writer/reader": /^One team and at most one of its assistants are explained/,
  "audit checkpoint --witness x": /^--witness goes with --cosign <file> only/,
  "audit export --tz Mars": /^Cannot take "Mars" for --tz <zone>, a time zone is needed/,
  "audit report --month 2026-02-30": /^Cannot take "2026-02-30" for --month <month>/,
  "decide --as ops/writer --now 2026-02-30 r.json": /there is no day 2026-02-30/,
  "audit list --recipient client.example": /did you mean @client\.example\?/,
  "instructions ops/wirter": /^Unknown assistant of team ops "wirter"/,
  "audit list --effect maybe": /^Cannot take "maybe" for --effect <effect>, allowed choices are allow, deny/,
  "audit list --kind intents":
    /^Cannot take "intents" for --kind <kind>, allowed .*; did you mean "intent"\?: write/,
  "audit export --format jsnl": /; did you mean "jsonl"\?: write/,
  "audit list --kind": /^Option "--kind <kind>" argument missing/,
  "audit show": /^Either a receipt or --seq <n> is needed: write "countersign audit show \[receipt\]"$/,
  "serve --prot 1": /^Unknown option "--prot": write "countersign serve"$/,
  "check \u001b[31m x": /^Too many arguments/,
  "\u001b[31mred": /^Unknown command "\?\[31mred": write/,
  csk_0123456789abcdefghij: /^Unknown command "csk_…": write/,
};

/** Every command that prints something. */
const COMMANDS: readonly string[] = [
  "",
  "init",
  "check",
  "explain",
  "decide",
  "test",
  "keys new",
  "keys list",
  "keys revoke",
  "instructions",
  "audit list",
  "audit open",
  "audit show",
  "audit verify",
];

/** Command lines with --json → exit code and keys of the one value that they print. */
const JSON_LINES: Readonly<Record<string, readonly [code: number, keys: readonly string[]]>> = {
  "check --json": [0, ["ok", "problems", "warnings"]],
  "chek --json": [64, ["error"]],
  "check none --json": [1, ["ok", "problems", "warnings"]],
  "explain none --json": [64, ["error"]],
  "audit list --json": [1, ["error"]],
};

const lines = [
  ...Object.keys(USAGE_ERRORS),
  ...COMMANDS.map((command) => `${command} --help`),
  ...Object.keys(JSON_LINES),
];
const results = await runCommands(
  lines.map((line) => ({ args: line.split(" ").filter((word) => word !== ""), cwd: folder })),
);
const resultOf = new Map(lines.map((line, index) => [line, results[index]]));

test("runCli() answers what it cannot understand with one line, the nearest right command and 64", async (t) => {
  for (const [line, wanted] of Object.entries(USAGE_ERRORS)) {
    await t.test(`countersign ${JSON.stringify(line)}`, () => {
      const { code, stdout, stderr } = resultOf.get(line) ?? assert.fail();
      assert.deepEqual([code, stdout], [64, ""]);
      assert.equal(stderr.split("\n").length, 2);
      assert.match(stderr.trimEnd(), wanted);
    });
  }
});

test("runCli() prints one JSON value with --json, also when it fails", async (t) => {
  for (const [line, [code, keys]] of Object.entries(JSON_LINES)) {
    await t.test(`countersign ${line}`, () => {
      const result = resultOf.get(line) ?? assert.fail();
      assert.deepEqual([result.code, Object.keys(JSON.parse(result.stdout))], [code, keys]);
    });
  }
});

test("runCli() shows help with examples for every command, and exits 0", async (t) => {
  for (const command of COMMANDS) {
    await t.test(`countersign ${command} --help`, () => {
      const { code, stdout, stderr } = resultOf.get(`${command} --help`) ?? assert.fail();
      assert.deepEqual([code, stderr], [0, ""]);
      assert.match(stdout, new RegExp(`^Usage: countersign ?${command} `));
      assert.match(stdout, /\nExamples:\n {2}\$ /);
    });
  }
});

test("countersign runs from any folder on what TEAMS_DIR names, whatever else is in the environment", async () => {
  const env = { TEAMS_DIR: `${folder}/teams`, PORT: "none" };
  const { code, stdout, stderr } = await runProcess({ args: ["explain", "ops"], cwd: tempFolder(), env });
  assert.deepEqual([code, stderr], [0, ""]);
  assert.match(stdout, new RegExp(`^${folder}/teams/ops.yaml:4:\\d+ +Team ops uses the mailbox`));
});

test("countersign survives a reader that stops reading", async () => {
  const program = resolve(import.meta.dirname, "countersign.js");
  const child = spawn(process.execPath, [program, "explain", "ops"], { cwd: folder, env: ENV });
  const stderr: Buffer[] = [];
  child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
  child.stdout.destroy();
  const code = await new Promise((done) => child.once("close", done));
  assert.deepEqual([code, Buffer.concat(stderr).toString()], [0, ""]);
});

test("countersign.js tells an old Node in a sentence what it needs", () => {
  const program = join(import.meta.dirname, "countersign.js");
  const pretend = (version: string) => [
    "--import",
    `data:text/javascript,Object.defineProperty(process.versions,"node",{value:"${version}"})`,
  ];
  for (const version of ["18.20.8", "20.18.3"]) {
    const { status, stderr } = spawnSync(process.execPath, [...pretend(version), program, "check"]);
    assert.equal(status, 1);
    assert.equal(String(stderr), `Countersign needs Node 20.19 or newer, this is ${version}\n`);
  }
});

test("countersign.js runs where nothing can be written to the temporary folder, and says so", () => {
  const program = join(import.meta.dirname, "countersign.js");
  const env = { ...process.env, TMPDIR: "/nowhere/at/all" };
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, "--help"], { env });
  assert.equal(status, 0, String(stderr));
  assert.match(String(stdout), /^Usage: countersign /);
  assert.match(String(stderr), /^Temporary folder "\/nowhere\/at\/all" cannot be written to.*TMPDIR.*\n$/);
});

test("countersign.js shows its version without loading what runs TypeScript", () => {
  const program = join(import.meta.dirname, "countersign.js");
  const trap = `import module, { syncBuiltinESMExports } from "node:module";
    module.register = module.registerHooks = () => { throw new Error("It is loaded"); };
    syncBuiltinESMExports();`;
  const run = (...args: readonly string[]) =>
    spawnSync(
      process.execPath,
      ["--import", `data:text/javascript,${encodeURIComponent(trap)}`, program, ...args],
      { encoding: "utf8" },
    );
  for (const flag of ["--version", "-V"]) {
    const { status, stdout, stderr } = run(flag);
    assert.deepEqual([status, stderr], [0, ""]);
    assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
  }
  assert.match(run("check").stderr, /It is loaded/);
});

test("countersign.js tells where in the sources an error is", () => {
  const program = join(import.meta.dirname, "countersign.js");
  const broken = "const say = console.error; console.error = () => say(new Error().stack);";
  const { stderr } = spawnSync(
    process.execPath,
    ["--import", `data:text/javascript,${encodeURIComponent(broken)}`, program, "chek"],
    { encoding: "utf8" },
  );
  const source = readFileSync(join(import.meta.dirname, "run_cli.ts"), "utf8").split("\n");
  const line = source.findIndex((text) => text.includes("console.error(message)")) + 1;
  assert.match(stderr, new RegExp(`run_cli\\.ts:${line}:`));
});

test("runCli() refuses text that is no UTF-8 by its option's name", async () => {
  const broken = ["Great \ud83c", "\ufffd"];
  const lines = broken.map((reason) => ({
    args: ["mailbox", "clear", "mbx", "--reason", reason],
    cwd: folder,
  }));
  for (const { code, stderr } of await runCommands([
    ...lines,
    { args: ["check", "--x=\ud83c"], cwd: folder },
  ])) {
    assert.equal(code, 64);
    assert.match(stderr, /^Cannot take --(reason|x): it holds half a character, or no UTF-8/);
  }
});

test("commands find the policies of the checkout from a folder below it, and say nothing besides results when quiet", async () => {
  const checkout = tempFolder({ ".git/HEAD": "", "teams/ops.yaml": OPS, "teams/deep/notes/a.md": "" });
  const cwd = join(checkout, "teams/deep/notes");
  const [found, quiet, wrong, elsewhere] = await runCommands([
    { args: ["check"], cwd },
    { args: ["check", "--quiet"], cwd },
    { args: ["-q", "explain", "opps"], cwd },
    { args: ["check"], cwd, env: { DATA_DIR: "data" } },
  ]);
  assert.deepEqual(found, { code: 0, stdout: "1 team, no problem\n", stderr: "" });
  assert.deepEqual(quiet, { code: 0, stdout: "", stderr: "" });
  assert.deepEqual(wrong, { code: 64, stdout: "", stderr: 'Unknown team "opps": did you mean "ops"?\n' });
  assert.match(elsewhere?.stdout ?? "", /teams/);
  assert.equal(elsewhere?.code, 1);
});

test("the help of every command names the variables that it reads", async () => {
  const [check, audit] = await runCommands([
    { args: ["check", "--help"], cwd: folder },
    { args: ["help", "audit"], cwd: folder },
  ]);
  assert.match(check?.stdout ?? "", /\nVariables:\n {2}TEAMS_DIR {2}the policies \(\.\/teams\)\n/);
  assert.match(audit?.stdout ?? "", /\n {2}DATABASE_URL {2}/);
});
