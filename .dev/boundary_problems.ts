import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";

/** Which of our packages each may import. Apps are the ends of the graph: only their one start function is imported. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  "packages/core": [],
  "packages/multimail": ["core"],
  "packages/trail": ["core"],
  "packages/documents": ["core"],
  "packages/host": ["core"],
  "packages/actions": [],
  "apps/sandbox": ["core", "host"],
  "apps/gateway": ["core", "documents", "multimail", "trail", "host"],
  "apps/cli": ["core", "documents", "multimail", "trail", "host", "actions", "gateway", "sandbox"],
};

/** Tests may look further: they play the client and the other side. */
const TESTS_MAY_IMPORT = ["core", "documents", "multimail", "trail", "host", "actions", "gateway", "sandbox"];

/** Clients of the network and servers, which the pure core must not know. */
const IMPURE = /^(?:node:|undici|hono|pino|better-sqlite3|pg$|fs$|http$|crypto$)/;

const IMPORT =
  /(?:^|[\s;}])(?:import|export)\s(?:[^"';]*?\sfrom\s)?\s*["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']\s*\)/g;

/** Every import under `root` that goes where it must not, as `file:line: message`. */
export function boundaryProblems(root: string): readonly string[] {
  return Object.keys(MAY_IMPORT).flatMap((home) =>
    sources(join(root, home)).flatMap((file) => problemsOf(root, home, file)),
  );
}

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.(?:ts|tsx|js)$/.test(file) && !file.split(sep).includes("node_modules"))
    .map((file) => join(folder, file));
}

function problemsOf(root: string, home: string, file: string): string[] {
  const text = readFileSync(file, "utf8");
  return [...text.matchAll(IMPORT)].flatMap((match) => {
    const specifier = match[1] ?? match[2] ?? "";
    const message = problemOf(root, home, file, {
      specifier,
      typeOnly: /^\s*import\s+type\s/.test(match[0]),
    });
    if (message === undefined) return [];
    const line = text.slice(0, match.index + match[0].length).split("\n").length;
    return [`${relative(root, file)}:${line}: ${message}`];
  });
}

function problemOf(
  root: string,
  home: string,
  file: string,
  { specifier, typeOnly }: { specifier: string; typeOnly: boolean },
): string | undefined {
  const isTest = /_test\.ts$|\/testing\/|_bench\.ts$/.test(file);
  if (specifier.startsWith(".")) {
    const target = resolve(dirname(file), specifier);
    return target.startsWith(join(root, home) + sep) ? undefined : `Import of "${specifier}" leaves ${home}`;
  }
  if (home === "packages/core" && !isTest && !typeOnly && IMPURE.test(specifier)) {
    return `Import of "${specifier}" in the pure core`;
  }
  const ours = /^@countersign\/([^/]+)(\/.*)?$/.exec(specifier);
  if (ours === null) return undefined;
  const [, name = "", inside] = ours;
  const allowed = MAY_IMPORT[home] ?? [];
  if (home.endsWith(`/${name}`)) return `Import of "${specifier}" by its own package: use a relative path`;
  if (!allowed.includes(name) && !(isTest && TESTS_MAY_IMPORT.includes(name)))
    return `${home} must not import "${specifier}"`;
  if ((name === "gateway" || name === "sandbox") && inside !== undefined)
    return `Import of "${specifier}" reaches inside an app`;
  return undefined;
}
