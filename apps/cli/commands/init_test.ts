import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { askAnswers } from "../init/ask_answers.ts";
import type { TeamAnswers } from "../init/questions.ts";
import { runCommands } from "../testing/run_commands.ts";
import { OPS } from "../testing/team_files.ts";
import { tempFolder } from "../testing/temp_folder.ts";

const FLAGS = ["--mailbox-address", "help@acme.multimail.dev"];
FLAGS.push("--approvers", "lead@acme.example, deputy@acme.example", "--assistants", "helper,escalator");

const empty = tempFolder();
const besides = tempFolder({ "teams/ops.yaml": OPS });
const bare = tempFolder();
mkdirSync(join(bare, "teams"));
const broken = tempFolder({ "teams/b.yaml": "team: b\n" });
const modes = ["read_only", "gated_all", "gated_send", "monitored", "autonomous"];
const each = tempFolder();

const init = (cwd: string, team: string, ...args: readonly string[]) => ({
  args: [
    ...["init", "--team", team, ...FLAGS, ...args],
    ...(args.includes("--mailbox-id") ? [] : ["--mailbox-id", "01KJ1NHN8J0"]),
  ],
  cwd,
});
const [written, checked, again, both, bothChecked, taken, escaping, intoBroken, yaml, ...perMode] =
  await runCommands([
    init(empty, "support"),
    { args: ["check"], cwd: empty },
    init(empty, "support"),
    init(bare, "support", "--organisation", "--json"),
    { args: ["check"], cwd: bare },
    init(besides, "help", "--mailbox-id", "mbx-ops"),
    init(besides, "../help"),
    init(broken, "help"),
    init(each, "odd", "--description", 'Yes: "no" # {[&*!|>%@`', "--internal", "acme.example"),
    ...modes.flatMap((mode) => [
      init(each, "help", "--oversight", mode, mode),
      { args: ["check", mode], cwd: each },
    ]),
  ]);

test("init writes a team file that has no problem", () => {
  assert.equal(written?.code, 0, written?.stderr);
  assert.match(written.stdout, /^Wrote teams\/support\.yaml\n/);
  assert.deepEqual(readdirSync(join(empty, "teams")), ["support.yaml"]);
  assert.equal(checked?.stdout, "1 team, no problem\n");
  assert.match(
    readFileSync(join(empty, "teams/support.yaml"), "utf8"),
    /^approvers: \[lead@acme\.example, deputy@/m,
  );
});

test("init never writes over a file", () => {
  assert.deepEqual(
    [again?.code, again?.stderr],
    [1, 'Cannot create "teams/support.yaml": it is there already\n'],
  );
});

test("init --organisation writes the organisation's file too", () => {
  assert.deepEqual(JSON.parse(both?.stdout ?? ""), {
    files: ["teams/support.yaml", "teams/_organisation.yaml"],
  });
  assert.equal(bothChecked?.stdout, "1 team, no problem\n");
});

test("init writes nothing that gives the folder a problem", () => {
  assert.equal(taken?.code, 1, taken?.stderr);
  assert.match(taken.stderr, /Mailbox is taken: see /);
  assert.equal(escaping?.code, 1);
  assert.deepEqual(readdirSync(besides), ["teams"]);
  assert.deepEqual(readdirSync(join(besides, "teams")), ["ops.yaml"]);
  assert.match(intoBroken?.stderr ?? "", /^Cannot use the policies in "\.\/teams":\n {2}teams\/b\.yaml:/);
});

test("init quotes what YAML would read as something else", () => {
  assert.equal(yaml?.code, 0, yaml?.stderr);
  assert.match(readFileSync(join(each, "teams/odd.yaml"), "utf8"), /^description: "Yes: \\"no\\" # /m);
});

test("init knows every oversight mode", async (t) => {
  for (const [index, mode] of modes.entries()) {
    await t.test(mode, () => {
      const [made, check] = perMode.slice(2 * index, 2 * index + 2);
      assert.deepEqual([made?.code, check?.stdout], [0, "1 team, no problem\n"], made?.stderr);
    });
  }
});

test("askAnswers() asks for what is missing, and again while an answer has a problem", async () => {
  const { answers, transcript } = await converse(
    { description: "Help", mailboxId: "m", mailboxAddress: "h@acme.example", assistants: "helper" },
    ["Support", "support", "", "", "lead@acme.example", ""],
  );
  assert.deepEqual(answers, {
    team: "support",
    description: "Help",
    mailboxId: "m",
    mailboxAddress: "h@acme.example",
    oversight: "gated_send",
    approvers: "lead@acme.example",
    assistants: "helper",
    internal: "acme.example",
  });
  assert.match(transcript, /Team, .*: {3}team must be lower-case\nTeam, /);
  assert.match(
    transcript,
    /\[gated_send\]: .*approve email, .*: {3}An answer is needed\n.*approve email, .*: .*\[acme\.example\]: $/s,
  );
});

test("askAnswers() ends when its input does", async () => {
  await assert.rejects(converse({}, ["support"]), /Cannot go on without an answer: nothing was written/);
});

/** Plays somebody who answers each prompt with the next line, and leaves when there is none. */
async function converse(
  given: Partial<TeamAnswers>,
  lines: readonly string[],
): Promise<{ answers: Partial<TeamAnswers>; transcript: string }> {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const rest = [...lines];
  let transcript = "";
  output.on("data", (chunk: Buffer) => {
    transcript += chunk;
    if (!transcript.endsWith(": ")) return;
    const line = rest.shift();
    setImmediate(() => (line === undefined ? input.end() : input.write(`${line}\n`)));
  });
  const problemAt = (path: string, answers: Partial<TeamAnswers>) =>
    path === "team" && /[A-Z]/.test(answers.team ?? "") ? "team must be lower-case" : undefined;
  const answers = await askAnswers(given, { input, output, problemAt });
  return { answers, transcript };
}
