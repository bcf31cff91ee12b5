import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { test } from "node:test";
import { boundaryProblems } from "./boundary_problems.ts";

const HOMES = ["core", "multimail", "trail", "host", "documents", "actions"]
  .map((name) => `packages/${name}`)
  .concat("apps/sandbox", "apps/gateway", "apps/cli");

function problemsIn(files: Record<string, string>): readonly string[] {
  const root = mkdtempSync(join(tmpdir(), "boundaries-"));
  try {
    for (const home of HOMES) mkdirSync(join(root, home), { recursive: true });
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), text);
    }
    return boundaryProblems(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}

test("boundaryProblems() finds none in this repository", () => {
  assert.deepEqual(boundaryProblems(resolve(import.meta.dirname, "..")), []);
});

test("boundaryProblems() finds each import that goes the wrong way", async (t) => {
  const cases: [file: string, text: string, want: string | undefined][] = [
    [
      "packages/core/a.ts",
      'import { readFileSync } from "node:fs";',
      'packages/core/a.ts:1: Import of "node:fs" in the pure core',
    ],
    ["packages/core/a.ts", 'import type { X } from "node:fs";', undefined],
    ["packages/core/a_test.ts", 'import { readFileSync } from "node:fs";', undefined],
    [
      "packages/core/a.ts",
      '\nexport * from "@countersign/trail";',
      'packages/core/a.ts:2: packages/core must not import "@countersign/trail"',
    ],
    [
      "packages/trail/a.ts",
      'const x = await import("@countersign/gateway");',
      'packages/trail/a.ts:1: packages/trail must not import "@countersign/gateway"',
    ],
    [
      "apps/cli/a.ts",
      'import { x } from "@countersign/gateway/enforce/handle.ts";',
      'apps/cli/a.ts:1: Import of "@countersign/gateway/enforce/handle.ts" reaches inside an app',
    ],
    ["apps/cli/a.ts", 'import { startGateway } from "@countersign/gateway";', undefined],
    [
      "apps/cli/a.ts",
      'import { x } from "../gateway/log.ts";',
      'apps/cli/a.ts:1: Import of "../gateway/log.ts" leaves apps/cli',
    ],
    [
      "packages/core/a.ts",
      'import {\n  x,\n} from "undici";',
      'packages/core/a.ts:3: Import of "undici" in the pure core',
    ],
  ];
  for (const [file, text, want] of cases) {
    await t.test(text, () =>
      assert.deepEqual(problemsIn({ [file]: text }), want === undefined ? [] : [want]),
    );
  }
});
