import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ICruiseResult, IViolation } from "dependency-cruiser";
import { BOUNDARY_RULES } from "./boundary_rules.ts";
import { type FileImport, roomCircles } from "./room_circles.ts";

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
  const named = (from: string, to: string): Named => {
    const specifier = specifiers.get(`${from} ${to}`) ?? to;
    return { from, specifier, line: lineOf(root, from, specifier) };
  };
  const imports = modules.flatMap(({ source: from, dependencies }) =>
    dependencies.map(({ resolved: to }): FileImport => ({ from, to })),
  );
  // Tests stand outside of all rooms. What helps them does not: it has a room of its own, above what it tests.
  const circles = roomCircles(imports.filter(({ from }) => !/_test\.tsx?$/.test(from)));
  return [
    ...summary.violations.map((violation) => format(violation, named(violation.from, violation.to))),
    ...circles.map(({ from, to, rooms }) => {
      const { specifier, line } = named(from, to);
      return `${from}:${line}: Import of "${specifier}" closes a circle of rooms: ${rooms.join(" → ")}`;
    }),
  ].sort();
}

/** An import as it is written. */
interface Named {
  readonly from: string;
  readonly specifier: string;
  readonly line: number;
}

function lineOf(root: string, file: string, specifier: string): number {
  const lines = readFileSync(join(root, file), "utf8").split("\n");
  return lines.findIndex((text) => text.includes(`"${specifier}"`)) + 1;
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
        "--import",
        new URL("./parse_pages.js", import.meta.url).href,
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

function format({ rule, cycle }: IViolation, { from, specifier, line }: Named): string {
  const { comment } = BOUNDARY_RULES.find(({ name }) => name === rule.name) ?? { comment: rule.name };
  const home = from.split("/").slice(0, 2).join("/");
  const message = comment.replace("{to}", `"${specifier}"`).replace("{from}", home);
  const circle = cycle === undefined ? "" : `: ${[from, ...cycle.map(({ name }) => name)].join(" → ")}`;
  return `${from}:${line}: ${message}${circle}`;
}
