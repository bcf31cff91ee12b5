import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/**
 * Bundles the gateway's program, from the same sources, into one file that starts in half a second instead of three: a
 * crash test starts it often. The native module stays where it is.
 */
export async function bundleGateway(file: string): Promise<void> {
  const sqlite = createRequire(import.meta.resolve("@countersign/trail")).resolve("better-sqlite3");
  await build({
    entryPoints: [fileURLToPath(new URL("./gateway_process.ts", import.meta.url))],
    outfile: file,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    alias: { "better-sqlite3": sqlite },
    // The second is a driver for pg that is not installed, and only asked for by name.
    external: [sqlite, "pg-native"],
    // What is CommonJS asks for Node's modules with `require`.
    banner: {
      // A name of its own: what is bundled may import the same.
      js: 'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);',
    },
    logLevel: "error",
  });
}
