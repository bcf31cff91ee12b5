/** The workflow that reviews policies: safe for pull requests from anybody, and its scripts do what they say. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type TestContext, test } from "node:test";
import { parse } from "yaml";
import { checkCommandLine } from "../testing/check_command_line.ts";

const ROOT = resolve(import.meta.dirname, "../../..");
const text = readFileSync(join(ROOT, ".github/workflows/policy.yml"), "utf8");

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}
interface Job {
  readonly if?: string;
  readonly permissions: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}
const workflow = parse(text) as {
  readonly on: unknown;
  readonly permissions: unknown;
  readonly jobs: Readonly<Record<"review" | "comment" | "replay", Job>>;
};
const { review, comment, replay } = workflow.jobs;
const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);

test("the policy workflow has the least rights, pinned actions, and no secret where a fork's pull request comes", () => {
  assert.deepEqual(workflow.on, { pull_request: { paths: ["teams/**"] } });
  assert.deepEqual(workflow.permissions, {});
  assert.deepEqual(
    [review, comment, replay].map(({ permissions }) => permissions),
    [{ contents: "read" }, { "pull-requests": "write" }, { contents: "read" }],
  );
  for (const { uses = "", with: given } of steps.filter((step) => step.uses !== undefined)) {
    assert.match(uses, /^actions\/(?:checkout|setup-node)@[\da-f]{40}$/);
    assert.match(text, new RegExp(`uses: ${uses} # v\\d+\\.\\d+\\.\\d+$`, "m"));
    if (uses.includes("checkout")) assert.equal(given?.["persist-credentials"], false);
  }
  // Nothing that somebody else can write is put into a script.
  for (const { run = "" } of steps) assert.ok(!run.includes("${{"), run);
  const ofOurs = "github.event.pull_request.head.repo.full_name == github.repository";
  for (const job of [comment, replay]) assert.ok(job.if?.includes(ofOurs));
  assert.ok(!JSON.stringify([review, comment]).includes("secrets."));
  // The secret is there for one step alone, the last.
  const withSecret = replay.steps.filter((step) => JSON.stringify(step).includes("secrets."));
  assert.deepEqual(withSecret, [replay.steps.at(-1)]);
});

test("the policy workflow runs the commands of the branch that is merged into, and none of the proposal's code", () => {
  for (const { steps: all } of [review, replay]) {
    const [first, , install, second] = all;
    assert.match(String(first?.with?.ref), /^\$\{\{ github\.event\.pull_request\.base\.sha \}\}$/);
    assert.equal(install?.run, "npm ci");
    assert.match(String(second?.with?.ref), /^\$\{\{ github\.event\.pull_request\.head\.sha \}\}$/);
    assert.deepEqual([second?.with?.path, second?.with?.["sparse-checkout"]], ["proposal", "teams"]);
  }
  // What may write has nobody's files.
  assert.ok(comment.steps.every(({ uses }) => uses === undefined));
});

test("every command in the policy workflow is one, with options that it has", async () => {
  const lines = steps.flatMap(({ run = "" }) =>
    [...run.matchAll(/npx countersign ([^|>&;)"#\n]*)/g)].map(([, line = ""]) => line.trim()),
  );
  assert.deepEqual(
    ["check", "lint", "test", "diff", "replay"].filter(
      (name) => !lines.some((line) => line.startsWith(name)),
    ),
    [],
  );
  for (const line of lines) await checkCommandLine(line, "policy.yml");
});

/** A workspace as a runner has it, with the repository's commands, and the proposal beside it. */
function workspace(t: TestContext, change: (text: string) => string) {
  const folder = mkdtempSync(join(tmpdir(), "countersign-"));
  t.after(() => rmSync(folder, { recursive: true }));
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, "package.json"), "{}");
  for (const name of ["proposal", "runner", "bin"]) mkdirSync(join(folder, name));
  for (const at of ["teams", "proposal/teams"])
    cpSync(join(ROOT, "teams"), join(folder, at), { recursive: true });
  const finance = join(folder, "proposal/teams/finance.yaml");
  writeFileSync(finance, change(readFileSync(finance, "utf8")));
  const run = (script: string | undefined, env: Readonly<Record<string, string>> = {}) =>
    spawnSync("bash", ["--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script ?? assert.fail()], {
      cwd: folder,
      encoding: "utf8",
      env: {
        ...{ PATH: `${join(folder, "bin")}:${process.env.PATH}`, HOME: folder },
        ...{ RUNNER_TEMP: join(folder, "runner"), GITHUB_STEP_SUMMARY: join(folder, "summary.md") },
        ...{ GITHUB_OUTPUT: join(folder, "output"), GITHUB_REPOSITORY: "acme/mail" },
        ...env,
      },
    });
  const read = (name: string) =>
    existsSync(join(folder, name)) ? readFileSync(join(folder, name), "utf8") : "";
  return { folder, run, read };
}

test("the workflow's review says what each command says, as code, and fails with any of them", (t) => {
  const script = review.steps.at(-1)?.run;
  const good = workspace(t, (policy) => policy);
  const passed = good.run(script);
  assert.equal(passed.status, 0, passed.stderr + good.read("summary.md"));
  assert.match(
    good.read("summary.md"),
    /^## Policies: Nothing is decided otherwise\n\n### Is it right\?\n\n {4}3 teams, no problem/,
  );
  assert.equal(good.read("output").includes("Nothing is decided otherwise"), true);
  assert.match(good.read("summary.md"), /\n### Do its tests pass\?\n\n[^#]* {4}\d+ passed, 0 failed\n/);
  // As the next job gets it.
  const [, end = "", output = ""] =
    /^text<<(end-[\da-f]{32})\n([\s\S]*)\n\1\n$/.exec(good.read("output")) ?? [];
  assert.ok(end.length > 0);
  assert.equal(output.trimEnd(), good.read("summary.md").trimEnd());

  const wider = workspace(t, (policy) =>
    policy.replace(
      'allow: ["*@acme.example"] }',
      'allow: ["*@acme.example", "engagement@auditors.example"] }',
    ),
  );
  const warned = wider.run(script);
  assert.equal(warned.status, 0, warned.stderr);
  assert.match(warned.stdout, /^::warning title=Policies::More is let through/);
  assert.match(
    wider.read("summary.md"),
    /^## Policies: More is let through than before[^#]*\n### Newly possible\n/,
  );
  assert.ok(!wider.read("summary.md").includes("proposal/"));

  const hostile = workspace(t, (policy) =>
    policy.replace("max_per_email: 5", 'max_per_email: "```\\n# @everyone <img src=x>\\n::warning::x"'),
  );
  const refused = hostile.run(script);
  assert.equal(refused.status, 1);
  for (const line of hostile.read("summary.md").split("\n"))
    assert.match(line, /^(?:$| {4}|### (?:Is it right|Is it meant|Do its tests pass)\?$)/);
  assert.match(hostile.read("summary.md"), / {4}teams\/finance\.yaml:\d+:\d+: /);
  assert.doesNotMatch(refused.stdout, /::warning/);

  const linked = workspace(t, (policy) => policy);
  symlinkSync("/etc/hostname", join(linked.folder, "proposal/teams/linked.yaml"));
  assert.equal(linked.run(script).status, 1);
  assert.equal(linked.read("summary.md"), "");
});

test("the workflow's comment is written once, and written over after each push", (t) => {
  const script = comment.steps[0]?.run;
  const { folder, run, read } = workspace(t, (policy) => policy);
  const gh = join(folder, "bin/gh");
  writeFileSync(
    gh,
    `#!/usr/bin/env bash
echo "$*" >> ${folder}/calls
case "$*" in
  *--paginate*) cat ${folder}/known 2>/dev/null || true ;;
  *) for word in "$@"; do case "$word" in body=@*) cat "\${word#body=@}" > ${folder}/posted ;; esac; done ;;
esac
`,
  );
  chmodSync(gh, 0o755);
  const body = '### Is it right?\n\n    $(touch owned) `id` "quoted"';
  const first = run(script, { NUMBER: "7", TEXT: body });
  assert.equal(first.status, 0, first.stderr);
  assert.equal(read("posted"), `<!-- countersign: policy -->\n${body}\n`);
  assert.match(read("calls"), /--method POST repos\/acme\/mail\/issues\/7\/comments/);
  assert.ok(!existsSync(join(folder, "owned")));
  writeFileSync(join(folder, "known"), "4711\n");
  assert.equal(run(script, { NUMBER: "7", TEXT: body }).status, 0);
  assert.match(read("calls"), /--method PATCH repos\/acme\/mail\/issues\/comments\/4711/);
});

test("the workflow's replay tells of wider policies without failing, and fails where nothing can be told", (t) => {
  const script = replay.steps.at(-1)?.run;
  const answering = (code: number) => {
    const world = workspace(t, (policy) => policy);
    const npx = join(world.folder, "bin/npx");
    writeFileSync(npx, `#!/bin/sh\necho "$@"\nexit ${code}\n`);
    chmodSync(npx, 0o755);
    return {
      ...world.run(script, { DATABASE_URL: "postgres://reader@db.example/trail" }),
      text: world.read("summary.md"),
    };
  };
  const same = answering(0);
  assert.deepEqual([same.status, same.stdout], [0, ""]);
  assert.equal(same.text, "countersign replay proposal/teams --since 30d --format markdown\n");
  const wider = answering(2);
  assert.equal(wider.status, 0);
  assert.match(wider.stdout, /^::warning title=Replay::More would have been allowed/);
  assert.equal(answering(1).status, 1);
});
