import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "@countersign/host";
import type { TrailStore } from "@countersign/trail";
import { openSqliteTrail } from "@countersign/trail/sqlite";

/** How to open the trail. */
export interface OpenTrailOptions {
  /** To read only. */
  readonly readonly: boolean;
  /** The gateway's folder; default: `DATA_DIR`. */
  readonly dataDir?: string;
}

/**
 * Opens the trail of a gateway, also while that writes it.
 *
 * @throws {Error} when there is none
 */
export async function openTrail({
  readonly,
  dataDir = parseEnv(process.env, ["dataDir"]).dataDir,
}: OpenTrailOptions): Promise<TrailStore> {
  const path = join(dataDir, "trail.sqlite");
  if (!existsSync(path)) {
    throw new Error(
      `Cannot find a trail at "${path}": set DATA_DIR to the gateway's (the demo's is data/demo)`,
    );
  }
  return openSqliteTrail(path, { readonly });
}
