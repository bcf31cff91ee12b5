export { type CreatePoolOptions, createPool } from "./_create_pool.ts";
export { inspectPostgres, type PostgresReport } from "./inspect_postgres.ts";
export { type MigratedTrail, type MigrateTrailOptions, migratePostgresTrail } from "./migrate_trail.ts";
export { type OpenPostgresTrailOptions, openPostgresTrail } from "./open_trail.ts";
