import { after } from "node:test";
import { startPostgres } from "../../testing/start_postgres.ts";
import { testStoreConformance } from "../../testing/store_conformance.ts";
import { migratePostgresTrail } from "./migrate_trail.ts";
import { openPostgresTrail } from "./open_trail.ts";

const server = await startPostgres();
const url = await server.createDatabase();
after(() => server.remove());

// Whoever serves has the least rights that do. Before PostgreSQL 17 only the owner can be let write tables anew.
await server.run("CREATE ROLE gateway LOGIN PASSWORD 'serves'; GRANT pg_checkpoint TO gateway");
await server.run("GRANT EXECUTE ON FUNCTION pg_switch_wal() TO gateway", url);
const [{ can }] = (await server.run(
  "SELECT current_setting('server_version_num')::int >= 170000 AS can",
)) as [{ readonly can: boolean }];
const serving = can ? url.replace("tester:secret_word", "gateway:serves") : url;

// One after the other in one database, which takes half a second to make.
testStoreConformance("PostgresTrail", async () => {
  await migratePostgresTrail(url, { serveAs: "gateway" });
  return {
    open: () => openPostgresTrail(serving),
    remove: async () => void (await server.run("DROP SCHEMA countersign CASCADE", url)),
  };
});
