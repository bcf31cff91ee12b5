import assert from "node:assert/strict";
import { test } from "node:test";
import { runCommands } from "../testing/run_commands.ts";
import { OPS } from "../testing/team_files.ts";
import { tempFolder } from "../testing/temp_folder.ts";

const cwd = tempFolder({ "teams/ops.yaml": OPS, "broken/ops.yaml": "team: x\n" });
const lines = [
  ["explain", "ops"],
  ["explain", "ops", "reader", "--json"],
  ["explain", "ops/reader", "--json"],
  ["explain", "osp"],
  ["explain", "ops", "raeder"],
  ["instructions", "ops/writer"],
  ["instructions", "ops/reader", "--json"],
  ["instructions", "ops/nobody"],
];
const [inBroken, team, reader, readerToo, misspelt, nobody, text, json, unknown] = await runCommands([
  { args: ["explain", "ops"], cwd, env: { TEAMS_DIR: "broken" } },
  ...lines.map((args) => ({ args, cwd })),
]);

test("explain says what a team may do, each sentence with its line", () => {
  assert.equal(team?.code, 0, team?.stderr);
  const sentences = team.stdout.trimEnd().split("\n");
  assert.ok(
    sentences.every((line) => /^teams\/ops\.yaml:\d+:\d+ {2,}[A-Z].*\.$/.test(line)),
    team.stdout,
  );
  assert.match(team.stdout, /teams\/ops\.yaml:15:10 +Nobody may ever write to \*@rival\.example\./);
});

test("explain leaves out an exception whose day has passed", () => {
  assert.doesNotMatch(team?.stdout ?? "", /OPS-1|max_per_email does not/);
});

test("explain says what one assistant may do", () => {
  assert.equal(reader?.code, 0);
  assert.deepEqual(reader, readerToo);
  const sentences: readonly { text: string }[] = JSON.parse(reader.stdout);
  assert.ok(sentences.some((sentence) => sentence.text.startsWith("Assistant reader may: inbox, read.")));
  assert.ok(!sentences.some((sentence) => sentence.text.startsWith("Assistant writer")));
});

test("explain and instructions suggest the nearest name", () => {
  assert.deepEqual([misspelt?.code, misspelt?.stderr], [64, 'Unknown team "osp": did you mean "ops"?\n']);
  assert.deepEqual(
    [nobody?.code, nobody?.stderr],
    [64, 'Unknown assistant of team ops "raeder": did you mean "reader"?\n'],
  );
  assert.match(unknown?.stderr ?? "", /^Unknown assistant of team ops "nobody": known are writer, reader$/m);
});

test("explain shows every problem of policies that cannot be used", () => {
  assert.equal(inBroken?.code, 1);
  assert.match(
    inBroken.stderr,
    /^Cannot use the policies in "broken":\n(?: {2}.*\n)* {2}broken\/ops\.yaml:1:7: Must be "ops"/,
  );
});

test("instructions prints the text for the assistant, and nothing else", () => {
  assert.deepEqual([text?.code, text?.stderr], [0, ""]);
  assert.match(text?.stdout ?? "", /^# Email\n\nYou can use email as "writer"/);
  assert.match(JSON.parse(json?.stdout ?? "").instructions, /Refused to you: new email/);
});
