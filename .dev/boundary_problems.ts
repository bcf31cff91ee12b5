import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ICruiseResult, IViolation } from "dependency-cruiser";
import { BOUNDARY_RULES, KNOWN_CIRCLE, OPEN_PRIVATES } from "./boundary_rules.ts";

/** Exceptions from the rules, which only become fewer. */
export interface KnownProblems {
  /** Files that may be in a circle with each other. */
  readonly circle: readonly string[];
  /** Private files that other folders may import. */
  readonly privates: readonly string[];
}

const FOLDERS = ["packages", "apps", ".dev"];
const CRUISER = fileURLToPath(
  new URL("../node_modules/dependency-cruiser/bin/dependency-cruise.mjs", import.meta.url),
);
const KNOWN: KnownProblems = { circle: KNOWN_CIRCLE, privates: OPEN_PRIVATES };

/** Every import under `root` that goes where it must not, as `file:line: message`, and every exception that is none. */
export function boundaryProblems(root: string, known: KnownProblems = KNOWN): readonly string[] {
  const { modules, summary } = importsOf(root);
  const inCircles = modules
    .filter(({ dependencies }) => dependencies.some(({ circular }) => circular))
    .map(({ source }) => source);
  const privates = summary.violations.filter(({ rule }) => rule.name === "private").map(({ to }) => to);
  const needed = new Set([...inCircles, ...privates]);
  const isKnown = ({ rule, from, to, cycle = [] }: IViolation): boolean =>
    rule.name === "no-circle"
      ? [from, ...cycle.map(({ name }) => name)].every((file) => known.circle.includes(file))
      : rule.name === "private" && known.privates.includes(to);
  const unknown = summary.violations.filter((violation) => !isKnown(violation));
  const specifiers = new Map(
    modules.flatMap(({ source, dependencies }) =>
      dependencies.map(
        ({ resolved, module, protocol = "" }) => [`${source} ${resolved}`, protocol + module] as const,
      ),
    ),
  );
  return [
    ...unknown.map((violation) =>
      format(root, violation, specifiers.get(`${violation.from} ${violation.to}`) ?? violation.to),
    ),
    ...[...known.circle, ...known.privates]
      .filter((file) => !needed.has(file))
      .map((file) => `.dev/boundary_rules.ts: "${file}" needs no exception any more: take it off the list`),
  ].sort();
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
