import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { runCommands } from "../testing/run_commands.ts";
import { OPS } from "../testing/team_files.ts";
import { tempFolder } from "../testing/temp_folder.ts";

const WIDER = OPS.replace('deny: ["*@rival.example"]', "deny: []");

const folder = tempFolder({
  "teams/ops.yaml": OPS,
  "wider/ops.yaml": WIDER,
  "broken/ops.yaml": "team: ops\n",
});
const git = (...args: readonly string[]) => execFileSync("git", args, { cwd: folder, stdio: "pipe" });
git("init", "-q");
git("add", "teams");
git("-c", "user.name=Ana", "-c", "user.email=ana@acme.example", "commit", "-qm", "Policies");
writeFileSync(join(folder, "teams/ops.yaml"), WIDER);
cpSync(join(folder, "teams/ops.yaml"), join(folder, "moved/ops.yaml"), { recursive: true });
writeFileSync(join(folder, "moved/ops.yaml"), `# One line more\n${WIDER}`);

const [same, wide, tight, markdown, json, github, never, unknown, broken] = await runCommands([
  { args: ["diff", "wider", "moved"], cwd: folder },
  { args: ["diff", "HEAD"], cwd: folder },
  { args: ["diff", "wider", "HEAD:teams"], cwd: folder },
  { args: ["diff", "HEAD:teams", "wider", "--format", "markdown"], cwd: folder },
  { args: ["diff", "HEAD:teams", "wider", "--format", "json"], cwd: folder },
  { args: ["diff", "HEAD", "--format", "github"], cwd: folder },
  { args: ["diff", "HEAD", "--fail-on", "never"], cwd: folder },
  { args: ["diff", "no-such-branch"], cwd: folder },
  { args: ["diff", "HEAD:teams", "broken"], cwd: folder },
]);

test("diff exits 0 and says so where lines have moved and nothing else", () => {
  assert.deepEqual(same, { code: 0, stdout: "Nothing is decided otherwise\n", stderr: "" });
});

test("diff exits 2 where more is let through, and names people, lines and an example", () => {
  assert.equal(wide?.code, 2, wide?.stderr);
  assert.match(
    wide.stdout,
    /writer may newly write to \*@rival\.example, by send and reply, after a person approved it/,
  );
  assert.match(wide.stdout, /before teams\/ops\.yaml:15:10, after teams\/ops\.yaml:15:\d+/);
  assert.match(wide.stdout, /before: denied \(recipients\.deny\)\n {6}after: {2}held for 1 person/);
  assert.doesNotMatch(wide.stdout, /No longer possible|not decided/);
});

test("diff exits 0 where less is let through", () => {
  assert.equal(tight?.code, 0, tight?.stderr);
  assert.match(
    tight.stdout,
    /^Nothing is let through that was not before\n\nNo longer possible:\n {2}ops: writer may no longer write to \*@rival\.example/,
  );
});

test("diff prints what a pull request, a program or GitHub's annotations take", () => {
  assert.match(
    markdown?.stdout ?? "",
    /^## Policies: More is let through[^\n]*\n\n### Newly possible\n\n- \*\*ops\*\*: writer may newly write to \\\*@\u200brival\.example/,
  );
  const { verdict, changes } = JSON.parse(json?.stdout ?? "");
  assert.deepEqual([verdict, changes.length, changes[0].verdict], ["wider", 1, "shown"]);
  assert.deepEqual(changes[0].example.scenario.send.to, ["someone@rival.example"]);
  assert.match(
    github?.stdout ?? "",
    /^::warning file=teams\/ops\.yaml,line=15,title=Newly possible::ops: writer may newly write/,
  );
  assert.deepEqual([github?.code, never?.code], [2, 0]);
});

test("diff exits 1 where policies cannot be found or read", () => {
  assert.deepEqual([unknown?.code, unknown?.stdout], [1, ""]);
  assert.match(unknown?.stderr ?? "", /^Cannot find policies at "no-such-branch": it is no folder/);
  assert.equal(broken?.code, 1);
  assert.match(broken?.stderr ?? "", /^Cannot use the policies in "broken":/);
});
