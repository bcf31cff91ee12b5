import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build } from "esbuild";

/**
 * Bundles the gateway's program, from the same sources, into one file that starts in half a second instead of three: a
 * crash test starts it often. The native module stays where it is. The thread that writes the trail is a file beside it.
 */
export async function bundleGateway(file: string): Promise<void> {
  const trail = import.meta.resolve("@countersign/trail");
  const sqlite = createRequire(trail).resolve("better-sqlite3");
  const options: BuildOptions = {
    bundle: true,
    platform: "node",
    target: "node20",
    alias: { "better-sqlite3": sqlite },
    // The second is a driver for pg that is not installed, and only asked for by name.
    external: [sqlite, "pg-native"],
    logLevel: "error",
  };
  await build({
    ...options,
    entryPoints: [fileURLToPath(new URL("./store/sqlite/_serve_writes.ts", trail))],
    outfile: join(dirname(file), "_serve_writes.js"),
    format: "cjs",
  });
  await build({
    ...options,
    entryPoints: [fileURLToPath(new URL("./gateway_process.ts", import.meta.url))],
    outfile: file,
    format: "esm",
    // What is CommonJS asks for Node's modules with `require`.
    banner: {
      // A name of its own: what is bundled may import the same.
      js: 'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);',
    },
  });
}
