/** What people find when they open the repository: only what belongs at the top, and READMEs that tell the truth. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { test } from "node:test";

const ROOT = resolve(import.meta.dirname, "..");
const TOP = [
  "LICENSE",
  "README.md",
  "apps",
  "package-lock.json",
  "package.json",
  "packages",
  "teams",
  "turbo.json",
];

const tracked = execFileSync("git", ["ls-files"], { cwd: ROOT, encoding: "utf8" })
  .split("\n")
  .filter(Boolean);
const workspaces = ["packages", "apps"].flatMap((folder) =>
  readdirSync(join(ROOT, folder)).map((name) => `${folder}/${name}`),
);
const read = (file: string) => readFileSync(join(ROOT, file), "utf8");
const linesOf = (file: string) => read(file).trimEnd().split("\n").length;

test("the top level holds nothing but what belongs there", () => {
  const top = new Set(tracked.map((file) => file.split("/")[0] ?? ""));
  assert.deepEqual([...top].filter((name) => !name.startsWith(".")).sort(), TOP);
});

test("the READMEs are as long as people read", () => {
  const lines = linesOf("README.md");
  assert.ok(lines >= 50 && lines <= 100, `README.md has ${lines} lines`);
  for (const workspace of workspaces) {
    const count = linesOf(`${workspace}/README.md`);
    assert.ok(count >= 10 && count <= 30, `${workspace}/README.md has ${count} lines`);
  }
});

test("every script that a document names exists", () => {
  const scripts = JSON.parse(read("package.json")).scripts as Record<string, string>;
  const named = tracked
    .filter((file) => file.endsWith(".md"))
    .flatMap((file) =>
      [...read(file).matchAll(/npm run ([\w-]+)/g)].map(([, script = ""]) => ({ file, script })),
    );
  assert.ok(named.length > 0);
  for (const { file, script } of named) assert.ok(script in scripts, `${file} names "npm run ${script}"`);
});

test("every link in a document leads somewhere", () => {
  for (const file of tracked.filter((name) => name.endsWith(".md"))) {
    for (const [, target = ""] of read(file).matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g)) {
      assert.ok(existsSync(join(ROOT, dirname(file), target)), `${file} links to ${target}`);
    }
  }
});

test("the front page leads to every guide", () => {
  const front = read("README.md");
  for (const page of tracked.filter((name) => /\/docs\/[^/]+\.md$/.test(name)))
    assert.ok(front.includes(`(${page})`), page);
});

test("every link to a heading in a document leads to one", () => {
  for (const file of tracked.filter((name) => name.endsWith(".md"))) {
    for (const [, target = "", anchor = ""] of read(file).matchAll(/\]\((?!https?:)([^)#]*)#([^)]+)\)/g)) {
      const page = target === "" ? file : join(dirname(file), target);
      const anchors = [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
        heading
          .toLowerCase()
          .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
          .replaceAll(" ", "-"),
      );
      assert.ok(anchors.includes(anchor), `${file} links to ${target}#${anchor}`);
    }
  }
});

test("every dependency is pinned", () => {
  for (const file of ["package.json", ...workspaces.map((workspace) => `${workspace}/package.json`)]) {
    const { dependencies = {}, devDependencies = {} } = JSON.parse(read(file));
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
      assert.match(String(version), /^\d+\.\d+\.\d+(?:-[\w.]+)?$/, `${file}: ${name}`);
    }
  }
});

test("there is one version", () => {
  const { version } = JSON.parse(read("package.json"));
  for (const workspace of workspaces) {
    const { version: own, dependencies = {} } = JSON.parse(read(`${workspace}/package.json`));
    assert.equal(own, version, workspace);
    for (const [name, wanted] of Object.entries(dependencies))
      if (name.startsWith("@countersign/")) assert.equal(wanted, version, `${workspace}: ${name}`);
  }
  assert.match(read("apps/sandbox/openapi.yaml"), new RegExp(`^info: .*version: ${version},`, "m"));
  for (const file of tracked.filter((name) => /^(?:apps|packages)\/.*(?<!_test)\.tsx?$/.test(name))) {
    assert.ok(!read(file).includes(`"${version}"`), `${file} has the version in its text`);
  }
});

test("the pages about the project are there, and the front page leads to each", () => {
  const front = read("README.md");
  for (const page of ["ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"]) {
    assert.ok(tracked.includes(`.github/${page}`), page);
    assert.ok(front.includes(`(.github/${page})`), page);
  }
});

test("CI runs what people run, on every Node that is supported", () => {
  assert.match(read(".ci/run"), /^npm ci\nnpm run ok\n/m);
  const workflow = read(".github/workflows/ci.yml");
  assert.match(workflow, /run: \.ci\/run$/m);
  assert.match(workflow, /node: \["20\.19", "22", "24"\]/);
  for (const [, action = ""] of workflow.matchAll(/uses: (\S+)/g))
    assert.match(action, /@[0-9a-f]{40}$/, `${action} is not pinned by its commit`);
});

test("SQLite files are opened in one place, which keeps what Node 24 must not collect", () => {
  const openers = tracked.filter(
    (file) =>
      /^(?:apps|packages)\/.*\.tsx?$/.test(file) &&
      !/\/bench\//.test(file) &&
      /new Database\(/.test(read(file)),
  );
  assert.deepEqual(openers, ["packages/trail/store/sqlite/raw_database.ts"]);
});
