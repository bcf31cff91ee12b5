import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "@countersign/host";
import type { TrailStore } from "@countersign/trail";
import { openTrailAt } from "@countersign/trail/open";

/** How to open the trail. */
export interface OpenTrailOptions {
  /** To read only. */
  readonly readonly: boolean;
  /** To verify it: whatever its schema is. */
  readonly unchecked?: boolean;
  /** The gateway's folder; default: where `DATABASE_URL` or `DATA_DIR` says. */
  readonly dataDir?: string;
}

/**
 * Opens the trail of a gateway, also while that writes it.
 *
 * @throws {Error} when there is none
 */
export async function openTrail({
  readonly,
  unchecked = false,
  dataDir,
}: OpenTrailOptions): Promise<TrailStore> {
  const place = dataDir === undefined ? parseEnv(process.env, ["dataDir", "databaseUrl"]) : { dataDir };
  const path = join(place.dataDir, "trail.sqlite");
  if (!("databaseUrl" in place) && !existsSync(path)) {
    throw new Error(
      `Cannot find a trail at "${path}": set DATA_DIR to the gateway's (the demo's is data/demo)`,
    );
  }
  return openTrailAt(place, { readonly, unchecked });
}
