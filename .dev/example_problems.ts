import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** An example of code in a document or a doc comment. */
export interface Example {
  /** Path from the root. */
  readonly file: string;
  /** The line before its first one, counted from 1. */
  readonly line: number;
  readonly code: string;
}

/** The examples in TypeScript that a document has between fences, or a source file in its doc comments. */
export function examplesIn(file: string, text: string): readonly Example[] {
  const prefix = file.endsWith(".md") ? "" : "[ \\t]*\\*[ ]?";
  const fence = new RegExp(`^${prefix}\`\`\`ts\\n((?:.*\\n)*?)${prefix}\`\`\`$`, "gm");
  return [...text.matchAll(fence)].map(({ index, 1: block = "" }) => ({
    file,
    line: text.slice(0, index).split("\n").length,
    code: block.replaceAll(new RegExp(`^${prefix}`, "gm"), ""),
  }));
}

/** What the compiler says of examples, each as a module of its own, as `file:line: message`. */
export function exampleProblems(root: string, examples: readonly Example[]): readonly string[] {
  const parent = join(root, "node_modules/.cache");
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, "examples-"));
  try {
    const sources = new Map(
      examples.map((example, index) => [`${example.file.replaceAll(/\W/g, "_")}_${index}.ts`, example]),
    );
    // The same line in the module as in the document: so the compiler's own numbers are right.
    for (const [name, { line, code }] of sources) writeFileSync(join(folder, name), "\n".repeat(line) + code);
    writeFileSync(
      join(folder, "tsconfig.json"),
      JSON.stringify({
        extends: join(root, ".dev/tsconfig.json"),
        compilerOptions: {
          moduleDetection: "force",
          declaration: false,
          isolatedDeclarations: false,
          noUnusedLocals: false,
          noUnusedParameters: false,
          typeRoots: [join(root, "node_modules/@types")],
        },
        files: [...sources.keys()],
      }),
    );
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    return compilerOutput(root, folder)
      .split("\n")
      .filter(Boolean)
      .map((line) =>
        line.replace(/^(?:.*\/)?(\w+\.ts)\((\d+),\d+\)/, (whole, name: string, at: string) => {
          const source = sources.get(name);
          return source === undefined ? whole : `${source.file}:${at}`;
        }),
      );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function compilerOutput(root: string, folder: string): string {
  try {
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    execFileSync(process.execPath, [tsc, "--pretty", "false", "-p", folder], {
      cwd: folder,
      encoding: "utf8",
    });
    return "";
  } catch (error) {
    if (error instanceof Error && "stdout" in error && error.stdout !== "") return String(error.stdout);
    throw error;
  }
}

/** The texts of the repository that may hold examples: documents, and sources besides tests. */
export function exampleTexts(root: string): readonly { readonly file: string; readonly text: string }[] {
  return execFileSync("git", ["ls-files", "*.md", "packages/**.ts", "apps/**.ts"], {
    cwd: root,
    encoding: "utf8",
  })
    .split("\n")
    .filter((file) => file !== "" && !file.endsWith("_test.ts") && existsSync(join(root, file)))
    .map((file) => ({ file, text: readFileSync(join(root, file), "utf8").replaceAll("\r\n", "\n") }));
}
