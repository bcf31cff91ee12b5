import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { test } from "node:test";
import { boundaryProblems } from "./boundary_problems.ts";

const HOMES = ["core", "multimail", "trail", "host", "documents", "actions"]
  .map((name) => `packages/${name}`)
  .concat("apps/sandbox", "apps/gateway", "apps/cli");

/** Each package exports one file; libraries are there for all. */
function problemsIn(files: Readonly<Record<string, string>>): readonly string[] {
  const root = mkdtempSync(join(tmpdir(), "boundaries-"));
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  };
  try {
    mkdirSync(join(root, "node_modules/@countersign"), { recursive: true });
    for (const home of HOMES) {
      const [folder = "", name = ""] = home.split("/");
      const main = folder === "apps" ? `start_${name}.ts` : "mod.ts";
      const dependencies = { undici: "1.0.0", zod: "1.0.0" };
      write(`${home}/package.json`, JSON.stringify({ exports: { ".": `./${main}` }, dependencies }));
      write(`${home}/${main}`, "export const x = 1;\n");
      symlinkSync(join(root, home), join(root, "node_modules/@countersign", name));
    }
    for (const library of ["undici", "zod", "fast-check"]) {
      write(`node_modules/${library}/package.json`, JSON.stringify({ name: library, main: "index.js" }));
      write(`node_modules/${library}/index.js`, "");
    }
    for (const [file, text] of Object.entries(files)) write(file, text);
    return boundaryProblems(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}

test("boundaryProblems() finds none in this repository", () => {
  assert.deepEqual(boundaryProblems(resolve(import.meta.dirname, "..")), []);
});

test("boundaryProblems() finds each import that goes the wrong way", () => {
  const cases: readonly [file: string, text: string, want: readonly string[]][] = [
    [
      "packages/core/a.ts",
      'import { readFileSync } from "node:fs";',
      ['packages/core/a.ts:1: Import of "node:fs" in the pure core'],
    ],
    ["packages/core/a_test.ts", 'import { readFileSync } from "node:fs";', []],
    ["packages/core/b.ts", 'import { z } from "zod";', []],
    [
      "packages/core/c.ts",
      'import {\n  x,\n} from "undici";',
      [
        'packages/core/c.ts:3: Import of "undici" in the pure core',
        'packages/core/c.ts:3: Import of "undici" outside of packages/multimail',
      ],
    ],
    [
      "packages/core/d.ts",
      '\nexport * from "@countersign/trail";',
      ['packages/core/d.ts:2: packages/core must not import "@countersign/trail"'],
    ],
    [
      "packages/core/address/e.ts",
      'import type { T } from "../decision/e.ts";',
      ['packages/core/address/e.ts:1: Import of "../decision/e.ts", which lies above packages/core/address'],
    ],
    ["packages/core/decision/e.ts", "export type T = 1;", []],
    [
      "packages/core/own.ts",
      'import { x } from "@countersign/core";',
      ['packages/core/own.ts:1: Import of "@countersign/core" by its own package: use a relative path'],
    ],
    ["packages/multimail/a.ts", 'import { fetch } from "undici";', []],
    [
      "packages/host/a.ts",
      'import fc from "fast-check";',
      ['packages/host/a.ts:1: Import of "fast-check", which is no dependency in its package.json'],
    ],
    [
      "packages/host/b.ts",
      'import { t } from "./testing/t.ts";',
      ['packages/host/b.ts:1: Import of "./testing/t.ts", which is for tests'],
    ],
    ["packages/host/testing/t.ts", "export const t = 1;", []],
    [
      "packages/host/c.ts",
      'import type { P } from "./room/_p.ts";',
      ['packages/host/c.ts:1: Import of "./room/_p.ts", which is private to its folder'],
    ],
    ["packages/host/room/_p.ts", "export type P = 1;", []],
    ["packages/host/room/p.ts", 'import { type P } from "./_p.ts";', []],
    [
      "packages/trail/a.ts",
      'export const f = async () => (await import("@countersign/gateway")).x;',
      ['packages/trail/a.ts:1: packages/trail must not import "@countersign/gateway"'],
    ],
    [
      "packages/actions/a.ts",
      'import { z } from "zod";',
      ['packages/actions/a.ts:1: Import of "zod": whoever imports the actions imports nothing else'],
    ],
    [
      "apps/cli/a.ts",
      'import { x } from "@countersign/gateway/enforce/handle.ts";',
      [
        'apps/cli/a.ts:1: Import of "@countersign/gateway/enforce/handle.ts" leads to nothing that its package exports',
      ],
    ],
    ["apps/cli/b.ts", 'import { x } from "@countersign/gateway";', []],
    [
      "apps/cli/c.ts",
      'import { x } from "../gateway/start_gateway.ts";',
      ['apps/cli/c.ts:1: Import of "../gateway/start_gateway.ts" leaves apps/cli: use the package\'s name'],
    ],
    [
      "apps/gateway/enforce/a.ts",
      'import type { R } from "../rest/r.ts";',
      ['apps/gateway/enforce/a.ts:1: Import of "../rest/r.ts", which lies above apps/gateway/enforce'],
    ],
    ["apps/gateway/rest/r.ts", "export type R = 1;", []],
  ];
  const problems = problemsIn(Object.fromEntries(cases.map(([file, text]) => [file, text])));
  for (const [file, text, want] of cases) {
    const got = problems.filter((problem) => problem.startsWith(`${file}:`));
    assert.deepEqual(got, want, text);
  }
  assert.equal(problems.length, cases.flatMap(([, , want]) => want).length);
});

test("boundaryProblems() finds circles, also of types only and through other files", () => {
  const files = {
    "packages/host/a.ts": 'import type { B } from "./b.ts";\nexport type A = B;',
    "packages/host/b.ts": 'export { type C as B } from "./c.ts";',
    "packages/host/c.ts": 'import { type A } from "./a.ts";\nexport type C = A | 1;',
  };
  assert.deepEqual(problemsIn(files), [
    'packages/host/a.ts:1: Import of "./b.ts" closes a circle: packages/host/a.ts → packages/host/b.ts → packages/host/c.ts → packages/host/a.ts',
  ]);
});

test("boundaryProblems() finds a room of the trail that imports one above it", () => {
  const files = {
    "packages/trail/store/store.ts": 'import "../tree/tree.ts";\nimport "../verify/verify.ts";',
    "packages/trail/tree/tree.ts": "export const a = 1;",
    "packages/trail/verify/verify.ts": "export const a = 1;",
  };
  assert.deepEqual(problemsIn(files), [
    'packages/trail/store/store.ts:2: Import of "../verify/verify.ts", which lies above packages/trail/store',
  ]);
});

test("boundaryProblems() finds rooms that import each other, though no two of their files do", () => {
  const files = {
    "packages/host/hall/inner/a.ts": 'import { c } from "../other/c.ts";\nimport { d } from "../other/d.ts";',
    "packages/host/hall/inner/b.ts": "export const b = 1;",
    "packages/host/hall/other/c.ts": "export const c = 1;",
    "packages/host/hall/other/d.ts": 'import { e } from "../third/e.ts";\nexport const d = e;',
    "packages/host/hall/third/e.ts": '\nimport type { b } from "../inner/b.ts";\nexport type E = typeof b;',
    "packages/host/hall/third/e_test.ts": 'import { c } from "../other/c.ts";',
  };
  assert.deepEqual(problemsIn(files), [
    'packages/host/hall/other/d.ts:1: Import of "../third/e.ts" closes a circle of rooms: packages/host/hall/inner → packages/host/hall/other → packages/host/hall/third → packages/host/hall/inner',
  ]);
});

test("boundaryProblems() finds what helps tests where it closes a circle, and not what a test imports", () => {
  const files = {
    "packages/trail/store/store.ts": "export const a = 1;",
    "packages/trail/store/store_test.ts": 'import { a } from "../testing/entries.ts";',
    "packages/trail/store/testing/conformance.ts": 'import { a } from "../../testing/entries.ts";',
    "packages/trail/store/other.ts": "export const b = 1;",
    "packages/trail/testing/entries.ts":
      'export { a } from "../store/store.ts";\nexport { b } from "../store/other.ts";',
  };
  assert.deepEqual(problemsIn(files), [
    'packages/trail/store/testing/conformance.ts:1: Import of "../../testing/entries.ts" closes a circle of rooms: packages/trail/testing → packages/trail/store → packages/trail/testing',
  ]);
});
