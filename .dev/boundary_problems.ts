import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ICruiseResult, IViolation } from "dependency-cruiser";
import { BOUNDARY_RULES } from "./boundary_rules.ts";

const FOLDERS = ["packages", "apps", ".dev"];
const CRUISER = fileURLToPath(
  new URL("../node_modules/dependency-cruiser/bin/dependency-cruise.mjs", import.meta.url),
);

/** Every import under `root` that goes where it must not, as `file:line: message`. */
export function boundaryProblems(root: string): readonly string[] {
  const { modules, summary } = importsOf(root);
  const specifiers = new Map(
    modules.flatMap(({ source, dependencies }) =>
      dependencies.map(
        ({ resolved, module, protocol = "" }) => [`${source} ${resolved}`, protocol + module] as const,
      ),
    ),
  );
  return summary.violations
    .map((violation) =>
      format(root, violation, specifiers.get(`${violation.from} ${violation.to}`) ?? violation.to),
    )
    .sort();
}

/**
 * The graph of all imports, also of types only, judged by the rules. In a process of its own: the parser cannot be loaded
 * where tsx is registered.
 */
function importsOf(root: string): ICruiseResult {
  const config = {
    forbidden: BOUNDARY_RULES.map((rule) => ({ ...rule, severity: "error" })),
    options: {
      doNotFollow: { path: "(?:^|/)node_modules/" },
      // TypeScript 7 has no interface for other programs yet.
      parser: "swc",
      tsPreCompilationDeps: true,
      moduleSystems: ["es6"],
      enhancedResolveOptions: {
        exportsFields: ["exports"],
        conditionNames: ["node", "import", "types", "default"],
      },
    },
  };
  const folder = mkdtempSync(join(tmpdir(), "boundaries-"));
  try {
    const file = join(folder, "config.json");
    writeFileSync(file, JSON.stringify(config));
    const text = execFileSync(
      process.execPath,
      [
        CRUISER,
        "--config",
        file,
        "--output-type",
        "json",
        ...FOLDERS.filter((name) => existsSync(join(root, name))),
      ],
      {
        cwd: root,
        encoding: "utf8",
        maxBuffer: 256 * 1024 * 1024,
        env: { ...process.env, NODE_OPTIONS: "" },
      },
    );
    return JSON.parse(text);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function format(root: string, { rule, from, cycle }: IViolation, specifier: string): string {
  const lines = readFileSync(join(root, from), "utf8").split("\n");
  const line = lines.findIndex((text) => text.includes(`"${specifier}"`)) + 1;
  const { comment } = BOUNDARY_RULES.find(({ name }) => name === rule.name) ?? { comment: rule.name };
  const home = from.split("/").slice(0, 2).join("/");
  const message = comment.replace("{to}", `"${specifier}"`).replace("{from}", home);
  const circle = cycle === undefined ? "" : `: ${[from, ...cycle.map(({ name }) => name)].join(" → ")}`;
  return `${from}:${line}: ${message}${circle}`;
}
