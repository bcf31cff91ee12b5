import { existsSync } from "node:fs";
import { join } from "node:path";
import type { TrailPlace } from "@countersign/trail/open";

/** Where there is no trail; undefined: there is one. */
export async function missingTrail({ dataDir, databaseUrl }: TrailPlace): Promise<string | undefined> {
  if (databaseUrl === undefined) {
    const path = join(dataDir, "trail.sqlite");
    return existsSync(path) ? undefined : `at "${path}"`;
  }
  const { inspectPostgres } = await import("@countersign/trail/postgres");
  return (await inspectPostgres(databaseUrl)).trail === undefined ? "in the database" : undefined;
}
