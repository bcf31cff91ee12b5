/** Which of other people's packages a command loads: each takes some of the time until it answers. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { openSqliteTrail } from "@countersign/trail/sqlite";

const PROGRAM = join(import.meta.dirname, "countersign.js");
const TEAMS = resolve(import.meta.dirname, "../../teams");

/** What runs the sources, in whatever command. */
const RUNNERS = new Set(["tsx", "esbuild", "get-tsconfig", "resolve-pkg-maps"]);

/** What reads policies, and addresses in whatever is asked. */
const ADDRESSES = ["punycode", "tldts", "tr46"];
const POLICIES = [...ADDRESSES, "re2js", "yaml"];
const EVERYWHERE = ["commander", "zod"];

/** Each command, and everything that it loads. */
const COMMANDS: readonly (readonly [args: readonly string[], packages: readonly string[]])[] = [
  [["--version"], []],
  [["--help"], ["commander"]],
  [
    ["explain", "finance"],
    [...EVERYWHERE, ...POLICIES],
  ],
  [
    ["instructions", "finance/invoice-chaser"],
    [...EVERYWHERE, ...POLICIES],
  ],
  [
    ["keys", "list"],
    [...EVERYWHERE, ...POLICIES],
  ],
  [
    ["audit", "list"],
    [...EVERYWHERE, ...ADDRESSES, "better-sqlite3", "bindings", "canonicalize", "file-uri-to-path"],
  ],
];

/** Never loaded by a command that only looks: what serves, asks MultiMail, speaks to PostgreSQL, or reads documents. */
const HEAVY = [
  "undici",
  "pino",
  "hono",
  "@hono/node-server",
  "pg",
  "@modelcontextprotocol/server",
  "unpdf",
  "postal-mime",
];
const LOOKING: readonly (readonly string[])[] = [
  ["check"],
  ["decide", "--help"],
  ["audit", "verify", "--help"],
  ["audit", "show", "--help"],
  ["mailbox", "--help"],
];

/** Source files that a command loads, as V8 counts them. */
async function loadedBy(args: readonly string[]): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), "countersign-"));
  try {
    const trail = await openSqliteTrail(join(folder, "trail.sqlite"));
    await trail.close();
    const seen = join(folder, "seen");
    const env = { ...process.env, NODE_V8_COVERAGE: seen, TEAMS_DIR: TEAMS, DATA_DIR: folder };
    const { status, stderr } = spawnSync(process.execPath, [PROGRAM, ...args], { env, encoding: "utf8" });
    assert.equal(status, 0, stderr);
    return readdirSync(seen).flatMap((file) =>
      (
        JSON.parse(readFileSync(join(seen, file), "utf8")) as {
          readonly result: readonly { readonly url: string }[];
        }
      ).result.map(({ url }) => url),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function packagesOf(urls: readonly string[]): readonly string[] {
  const names = urls.flatMap((url) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1] ?? []);
  return [...new Set(names)].filter((name) => !RUNNERS.has(name)).sort();
}

test("A command loads the packages that it uses, and no others", async (t) => {
  for (const [args, packages] of COMMANDS)
    await t.test(args.join(" "), async () => {
      assert.deepEqual(packagesOf(await loadedBy(args)), [...packages].sort());
    });
  for (const args of LOOKING)
    await t.test(args.join(" "), async () => {
      const loaded = packagesOf(await loadedBy(args));
      assert.deepEqual(
        HEAVY.filter((name) => loaded.includes(name)),
        [],
      );
    });
});

test("A command loads the library of schemas without its messages in other languages", async () => {
  const loaded = (await loadedBy(["explain", "finance"])).filter((url) => url.includes("/zod/v4/"));
  assert.notEqual(loaded.length, 0);
  assert.deepEqual(
    loaded.filter((url) => url.includes("/locales/")).map((url) => url.replace(/.*\//, "")),
    ["en.js"],
  );
});
