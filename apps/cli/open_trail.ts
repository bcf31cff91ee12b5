import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "@countersign/host";
import type { TrailStore } from "@countersign/trail";
import { openSqliteTrail } from "@countersign/trail/sqlite";

/**
 * Opens the trail of `DATA_DIR` to read it, also while a gateway writes it.
 *
 * @throws {Error} when there is none
 */
export async function openTrail(
  dataDir: string = parseEnv(process.env, ["dataDir"]).dataDir,
): Promise<TrailStore> {
  const path = join(dataDir, "trail.sqlite");
  if (!existsSync(path)) {
    throw new Error(
      `Cannot find a trail at "${path}": set DATA_DIR to the gateway's (the demo's is data/demo)`,
    );
  }
  return openSqliteTrail(path, { readonly: true });
}
