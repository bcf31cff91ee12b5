import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testStoreConformance } from "../../testing/store_conformance.ts";
import { openSqliteTrail } from "./open_trail.ts";

for (const inThread of [false, true]) {
  testStoreConformance(inThread ? "SqliteTrail in a thread" : "SqliteTrail", async () => {
    const folder = await mkdtemp(join(tmpdir(), "trail-"));
    return {
      open: () => openSqliteTrail(join(folder, "trail.sqlite"), { inThread }),
      remove: () => rm(folder, { recursive: true }),
    };
  });
}
