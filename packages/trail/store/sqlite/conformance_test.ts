import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testStoreConformance } from "../testing/store_conformance.ts";
import { openSqliteTrail } from "./open_trail.ts";

testStoreConformance("SqliteTrail", async () => {
  const folder = await mkdtemp(join(tmpdir(), "trail-"));
  return {
    open: () => openSqliteTrail(join(folder, "trail.sqlite")),
    remove: () => rm(folder, { recursive: true }),
  };
});
