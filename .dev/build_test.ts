/** What is published, as whoever installs it has it: in an empty folder, in plain Node, with nothing of the repository. */
import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { manyTeams } from "@countersign/host/testing/many-teams";

const ROOT = resolve(import.meta.dirname, "..");
const run = promisify(execFile);
const { NODE_OPTIONS: _, NODE_TEST_CONTEXT: __, ...env } = process.env;

/** An empty folder in which both were installed. */
const folder = realpathSync(mkdtempSync(join(tmpdir(), "countersign-published-")));
const modules = join(folder, "node_modules");
const program = join(modules, "@countersign/cli/countersign.js");
const packed = new Map<string, { readonly tarball: string; readonly files: readonly string[] }>();

before(async () => {
  execFileSync(process.execPath, ["--import", "tsx", join(ROOT, ".dev/build.ts")], { cwd: ROOT, env });
  for (const dist of ["dist/actions", "dist/cli"]) await install(join(ROOT, dist));
});
after(() => rmSync(folder, { recursive: true }));

/** As npm does, but that other people's packages are those which the repository has: exactly those that are declared. */
async function install(dist: string): Promise<void> {
  const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", folder], { cwd: dist, env });
  const packs = Object.values(JSON.parse(stdout)) as { filename: string; files: { path: string }[] }[];
  const [pack] = packs;
  assert.ok(pack);
  const { name, dependencies = {}, bundleDependencies = [] } = manifest(dist);
  const tarball = join(folder, pack.filename);
  packed.set(name, { tarball, files: pack.files.map(({ path }) => path) });
  const target = join(modules, name);
  mkdirSync(target, { recursive: true });
  await run("tar", ["-xzf", tarball, "-C", target, "--strip-components=1"]);
  for (const dependency of Object.keys(dependencies).filter((one) => !bundleDependencies.includes(one))) {
    const link = join(modules, dependency);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(ROOT, "node_modules", dependency), link);
  }
}

function manifest(dir: string) {
  return JSON.parse(readFileSync(join(dir, "package.json"), "utf8")) as {
    readonly name: string;
    readonly dependencies?: Readonly<Record<string, string>>;
    readonly bundleDependencies?: readonly string[];
  };
}

const countersign = (...args: string[]) =>
  run(process.execPath, [program, ...args], {
    cwd: folder,
    env: { ...env, PORT: "0", SANDBOX_PORT: "0", CONSOLE_PORT: "0" },
  });

test("@countersign/cli holds code, schemas, verifiers and example policies, and no test or source", () => {
  const files = packed.get("@countersign/cli")?.files ?? [];
  const inner = (path: string) => `node_modules/@countersign/${path}`;
  for (const path of [
    ...["LICENSE", "README.md", "countersign.js", "teams/finance.yaml"],
    inner("core/policy/team.schema.json"),
    inner("trail/standalone/verify.py"),
    inner("trail/docs/verifying.md"),
    inner("console/looks/console.css"),
  ])
    assert.ok(files.includes(path), path);
  const surplus = files.filter((path) =>
    /\.tsx?$|_test\.|(?:^|\/)(?:testing|testdata|bench|crash|soak)\//.test(path),
  );
  assert.deepEqual(
    surplus.filter((path) => !path.startsWith("teams/")),
    [],
  );
});

test("every file that one of @countersign/cli's imports is in it", () => {
  const files = packed.get("@countersign/cli")?.files ?? [];
  for (const file of files.filter((path) => path.endsWith(".js"))) {
    const text = readFileSync(join(modules, "@countersign/cli", file), "utf8");
    for (const [, path = ""] of text.matchAll(/(?:from|import|import\() ?"(\.{1,2}\/[^"]+)"/g)) {
      const target = join(dirname(file), path);
      // Of the two ways to start, the other is the repository's.
      if (file !== "countersign.js") assert.ok(files.includes(target), `${file} imports ${path}`);
    }
  }
});

test("@countersign/cli checks policies and plays the demo in an empty folder, in plain Node", async () => {
  const played = await countersign("demo", "--once");
  assert.match(played.stdout, /Every step came out right/);
  assert.equal(played.stderr, "");
  cpSync(join(modules, "@countersign/cli/teams"), join(folder, "teams"), { recursive: true });
  assert.match((await countersign("check")).stdout, /^3 teams, no problem/);
});

test("@countersign/cli loads policies in threads, which are plain JavaScript too", async () => {
  mkdirSync(join(folder, "many"));
  for (const [name, text] of Object.entries(manyTeams(20))) writeFileSync(join(folder, "many", name), text);
  const host = "./node_modules/@countersign/cli/node_modules/@countersign/host/teams";
  const code = `import { loadManyTeams } from "${host}/load_many_teams.js";
import { loadTeamsInThread } from "${host}/load_teams_in_thread.js";
const loaded = [await loadManyTeams("many", { atOnce: 2, many: 2, part: 5 }), await loadTeamsInThread("many")];
console.log(loaded.map(({ policies }) => policies.teams.size));`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", code], {
    cwd: folder,
    env,
  });
  assert.equal(stdout, "[ 20, 20 ]\n");
});

test("@countersign/actions is loaded by import and by require", async () => {
  const ask =
    'sendEmail("csk_1", "m", "a@b.example", "Hi", "there").catch((error) => console.log(error.message))';
  const byImport = `import { sendEmail } from "@countersign/actions"; ${ask}`;
  const byRequire = `const { sendEmail } = require("@countersign/actions"); ${ask}`;
  for (const [type, code] of [
    ["module", byImport],
    ["commonjs", byRequire],
  ] as const) {
    const { stdout } = await run(process.execPath, [`--input-type=${type}`, "--eval", code], {
      cwd: folder,
      env,
    });
    assert.match(stdout, /^Cannot find Countersign: set COUNTERSIGN_URL/, type);
  }
});

test("@countersign/actions has types for every common resolution, in strict projects with checked libraries", async () => {
  const text = `import { CountersignError, sendEmail, type SentEmail } from "@countersign/actions";
export const sent: Promise<SentEmail> = sendEmail("k", "m", ["a@b.example"], "Hi", "there", {
  attachments: [{ name: "a.csv", contentType: "text/csv", content: new Uint8Array() }],
  sendAt: new Date(),
});
// @ts-expect-error there is no such option
export const wrong: Promise<SentEmail> = sendEmail("k", "m", "a", "Hi", "there", { attachement: [] });
export const isRefusal = (error: unknown) => error instanceof CountersignError && error.code === "policy_denied";
`;
  for (const name of ["a.mts", "a.cts", "a.ts"]) writeFileSync(join(folder, name), text);
  const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
  const strict = [
    "--noEmit",
    "--strict",
    "--exactOptionalPropertyTypes",
    "--target",
    "es2022",
    "--lib",
    "es2022,dom",
    "--types",
    "",
  ];
  for (const options of [
    ["--module", "nodenext", "a.mts", "a.cts"],
    ["--module", "node16", "a.mts", "a.cts"],
    ["--module", "esnext", "--moduleResolution", "bundler", "a.ts"],
    ["--module", "commonjs", "--moduleResolution", "bundler", "a.ts"],
  ]) {
    const { stdout } = await run(process.execPath, [tsc, ...strict, ...options], { cwd: folder, env }).catch(
      (error: { stdout: string }) => error,
    );
    assert.equal(stdout, "", options.join(" "));
  }
});

test("publint and attw find nothing wrong with what is published", async () => {
  const bin = (name: string) => join(ROOT, "node_modules/.bin", name);
  for (const [name, { tarball }] of packed) {
    const { stdout } = await run(bin("publint"), ["--strict", tarball], { cwd: folder, env });
    assert.match(stdout, /All good!/, name);
  }
  const actions = packed.get("@countersign/actions")?.tarball ?? "";
  await run(bin("attw"), [actions, "--format", "ascii"], { cwd: folder, env });
});
