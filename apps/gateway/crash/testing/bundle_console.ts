import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";

/**
 * Bundles the console's program into one file that starts fast, as `bundleGateway` does the gateway's. What it reads beside its
 * modules stays where it is.
 */
export async function bundleConsole(file: string): Promise<void> {
  const sqlite = createRequire(import.meta.resolve("@countersign/trail")).resolve("better-sqlite3");
  await build({
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    alias: { "better-sqlite3": sqlite },
    external: [sqlite, "pg-native"],
    logLevel: "error",
    plugins: [KEEPS_PLACES],
    entryPoints: [fileURLToPath(new URL("../../../console/testing/console_process.ts", import.meta.url))],
    outfile: file,
    banner: {
      js: 'import { createRequire as requireFrom } from "node:module"; import { pathToFileURL as urlOf } from "node:url"; const require = requireFrom(import.meta.url); const resolveFrom = (from) => (name) => urlOf(requireFrom(from).resolve(name)).href;',
    },
  });
}

/** A module finds what lies beside it by its own address. */
const KEEPS_PLACES: Plugin = {
  name: "keeps-places",
  setup: ({ onLoad }) => {
    onLoad({ filter: /\/apps\/console\/.*\.tsx?$/ }, async ({ path }) => {
      const own = JSON.stringify(pathToFileURL(path).href);
      const text = (await readFile(path, "utf8"))
        .replaceAll("import.meta.resolve(", `resolveFrom(${own})(`)
        .replaceAll("import.meta.url", own);
      return { contents: text, loader: path.endsWith("x") ? "tsx" : "ts" };
    });
  },
};
