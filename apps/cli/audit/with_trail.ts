import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "@countersign/host/env";
import type { TrailStore } from "@countersign/trail";
import { type OpenTrailAtOptions, openTrailAt } from "@countersign/trail/open";

/** Reads from the gateway's trail, and closes it whatever happens. */
export function withTrail<T>(read: (trail: TrailStore) => Promise<T>): Promise<T> {
  return withOpened(read, { readonly: true });
}

/** The same, to verify it: whatever its schema is. */
export function withUncheckedTrail<T>(read: (trail: TrailStore) => Promise<T>): Promise<T> {
  return withOpened(read, { readonly: true, unchecked: true });
}

/**
 * The same, and may append to it, also while a gateway does.
 *
 * @param dataDir the gateway's folder; default: the trail is where `DATABASE_URL` or `DATA_DIR` says
 */
export function withWritableTrail<T>(work: (trail: TrailStore) => Promise<T>, dataDir?: string): Promise<T> {
  return withOpened(work, { readonly: false, dataDir });
}

interface WithOpenedOptions extends OpenTrailAtOptions {
  readonly dataDir?: string | undefined;
}

/** @throws {Error} when there is none */
async function withOpened<T>(
  work: (trail: TrailStore) => Promise<T>,
  { dataDir, ...options }: WithOpenedOptions,
): Promise<T> {
  const place = dataDir === undefined ? parseEnv(process.env, ["dataDir", "databaseUrl"]) : { dataDir };
  const path = join(place.dataDir, "trail.sqlite");
  if (!("databaseUrl" in place) && !existsSync(path)) {
    throw new Error(
      `Cannot find a trail at "${path}": set DATA_DIR to the gateway's (the demo's is data/demo)`,
    );
  }
  const trail = await openTrailAt(place, options);
  try {
    return await work(trail);
  } finally {
    await trail.close();
  }
}
