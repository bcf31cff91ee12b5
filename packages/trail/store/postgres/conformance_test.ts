import { after } from "node:test";
import { startPostgres } from "../../testing/start_postgres.ts";
import { testStoreConformance } from "../../testing/store_conformance.ts";
import { openPostgresTrail } from "./open_trail.ts";

const server = await startPostgres();
const url = await server.createDatabase();
after(() => server.remove());

// One after the other in one database, which takes half a second to make.
testStoreConformance("PostgresTrail", async () => ({
  open: () => openPostgresTrail(url),
  remove: async () => void (await server.run("DROP SCHEMA countersign CASCADE", url)),
}));
