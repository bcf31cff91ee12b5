/** Compiles the packages that are published: see `USAGE`. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { takeArguments } from "@countersign/host/arguments";

const ROOT = resolve(import.meta.dirname, "..");
const SCOPE = "@countersign/";

const USAGE = `Usage: npm run build

Compiles what is published, each ready for "npm pack" and "npm publish":

  dist/actions  @countersign/actions: JavaScript as ES modules and CommonJS, with types
  dist/cli      @countersign/cli: the command, gateway, console, sandbox and demo`;

/** What of a workspace's manifest matters here. */
interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly engines: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, string>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** What helps tests, and the tests. */
const NOT_SHIPPED = /(?:^|\/)(?:testing|testdata|bench|crash|soak|node_modules)(?:\/|$)|_(?:test|bench)\./;

/** What is read at run time beside the code, and the licence's and reader's texts. */
const SHIPPED = /\.(?:js|mjs|py|json|css|svg)$|^docs\/verifying\.md$/;

/** As `_write_thread.js`: it loads tsx for a new thread, then what it names. */
const THREAD_OF_SOURCE =
  /^(?:[\s\S]*\n)?(?:await import|createRequire\(import\.meta\.url\))\("(\.\/_\w+)\.ts"\);\s*$/;

/** What both say to npm. */
const PUBLISHED = { publishConfig: { access: "public", provenance: true } } as const;

takeArguments({ usage: USAGE, options: {}, read: () => undefined });
buildActions();
buildCli();

/** Both module systems, each in a folder that says which, so that every kind of resolution finds its own types. */
function buildActions(): void {
  const from = join(ROOT, "packages/actions");
  const to = fresh(join(ROOT, "dist/actions"));
  const { name, version, license } = manifestOf(from);
  compile(from, join(to, "esm"), ["--declaration"]);
  compile(from, join(to, "cjs"), [
    "--declaration",
    ...["--module", "commonjs", "--moduleResolution", "bundler", "--verbatimModuleSyntax", "false"],
  ]);
  writeJson(join(to, "cjs/package.json"), { type: "commonjs" });
  const entry = (folder: string) => ({ types: `./${folder}/mod.d.ts`, default: `./${folder}/mod.js` });
  writeJson(join(to, "package.json"), {
    ...{ name, version, license },
    description: "Email for Dust assistants by way of Countersign: send, reply, read, report",
    type: "module",
    engines: { node: ">=18" },
    sideEffects: false,
    exports: { ".": { import: entry("esm"), require: entry("cjs") }, "./package.json": "./package.json" },
    main: "./cjs/mod.js",
    types: "./cjs/mod.d.ts",
    ...PUBLISHED,
  });
  addTexts(from, to);
}

/**
 * The command with all that it runs. The other workspaces lie in its `node_modules`, bundled: they are not published by
 * themselves, and a stack trace or a patch names the same files as the sources.
 */
function buildCli(): void {
  const from = join(ROOT, "apps/cli");
  const to = fresh(join(ROOT, "dist/cli"));
  const own = manifestOf(from);
  const bundled = closure(own);
  compileWorkspace(from, to);
  for (const folder of bundled.values()) {
    const { name, version, license, exports = {} } = manifestOf(folder);
    const target = join(to, "node_modules", name);
    compileWorkspace(folder, target);
    writeJson(join(target, "package.json"), {
      ...{ name, version, license, private: true, type: "module" },
      exports: Object.fromEntries(
        Object.entries(exports)
          .filter(([, file]) => !NOT_SHIPPED.test(file))
          .map(([path, file]) => [path, file.replace(/\.tsx?$/, ".js")]),
      ),
    });
  }
  const all = [own, ...[...bundled.values()].map(manifestOf)];
  writeJson(join(to, "package.json"), {
    ...{ name: own.name, version: own.version, license: own.license },
    description: manifestOf(ROOT).description,
    type: "module",
    ...{ engines: own.engines, bin: own.bin },
    exports: { "./package.json": "./package.json" },
    dependencies: sorted({
      ...Object.assign({}, ...all.map(({ dependencies }) => foreign(dependencies))),
      ...Object.fromEntries([...bundled.keys()].map((name) => [name, own.version])),
    }),
    bundleDependencies: [...bundled.keys()].sort(),
    ...PUBLISHED,
  });
  cpSync(join(ROOT, "teams"), join(to, "teams"), { recursive: true });
  addTexts(from, to);
}

/** Every workspace that one needs, directly or not, but itself: name → folder. */
function closure({ dependencies = {} }: Manifest, found = new Map<string, string>()): Map<string, string> {
  for (const name of Object.keys(dependencies).filter((one) => one.startsWith(SCOPE))) {
    if (found.has(name)) continue;
    const folder = folderOf(name);
    found.set(name, folder);
    closure(manifestOf(folder), found);
  }
  return found;
}

function folderOf(name: string): string {
  for (const group of ["packages", "apps"]) {
    const folder = join(ROOT, group, name.slice(SCOPE.length));
    if (readdirSync(join(ROOT, group)).includes(name.slice(SCOPE.length))) return folder;
  }
  throw new Error(`Cannot build: there is no workspace "${name}"`);
}

/** Other people's packages; tsx is for the sources only. */
function foreign(dependencies: Manifest["dependencies"] = {}): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(dependencies).filter(([name]) => !name.startsWith(SCOPE) && name !== "tsx"),
  );
}

/** TypeScript → JavaScript of the same name, and what is read beside it. */
function compileWorkspace(from: string, to: string): void {
  compile(from, to, ["--declaration", "false", "--isolatedDeclarations", "false"]);
  for (const file of readdirSync(from, { recursive: true, encoding: "utf8" })) {
    const path = file.replaceAll("\\", "/");
    if (NOT_SHIPPED.test(path) || !SHIPPED.test(path) || /(?:^|\/)(?:package|tsconfig)\.json$/.test(path))
      continue;
    const text = readFileSync(join(from, path));
    const serves = text.includes('"tsx/') ? THREAD_OF_SOURCE.exec(text.toString())?.[1] : undefined;
    if (text.includes('"tsx/') && path !== "countersign.js" && serves === undefined) {
      throw new Error(`Cannot build ${path}: what its last line loads must be "./_<name>.ts"`);
    }
    mkdirSync(dirname(join(to, path)), { recursive: true });
    writeFileSync(join(to, path), serves === undefined ? text : `import "${serves}.js";\n`);
  }
}

/** Types are checked by `npm run types`. */
function compile(from: string, to: string, options: readonly string[]): void {
  const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
  execFileSync(
    process.execPath,
    [
      ...[tsc, "-p", from, "--outDir", to, "--rootDir", from, "--noCheck"],
      ...["--noEmit", "false", "--allowImportingTsExtensions", "false", "--rewriteRelativeImportExtensions"],
      ...options,
    ],
    { stdio: ["ignore", "inherit", "inherit"] },
  );
  for (const file of readdirSync(to, { recursive: true, encoding: "utf8" })) {
    const path = join(to, file);
    if (NOT_SHIPPED.test(relative(to, path).replaceAll("\\", "/")))
      rmSync(path, { recursive: true, force: true });
    // Only in code does the compiler rewrite them.
    else if (file.endsWith(".d.ts")) {
      const text = readFileSync(path, "utf8");
      writeFileSync(path, text.replaceAll(/(from|import\()(\s*"\.{1,2}\/[^"]+)\.ts"/g, '$1$2.js"'));
    }
  }
}

function addTexts(from: string, to: string): void {
  cpSync(join(from, "README.md"), join(to, "README.md"));
  cpSync(join(ROOT, "LICENSE"), join(to, "LICENSE"));
}

function fresh(folder: string): string {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}

function manifestOf(folder: string): Manifest & { readonly description?: string } {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}

function sorted<T>(values: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function writeJson(path: string, value: unknown): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(value, undefined, 2)}\n`);
}
