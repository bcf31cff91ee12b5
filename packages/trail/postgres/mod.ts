export { type OpenPostgresTrailOptions, openPostgresTrail } from "./open_postgres_trail.ts";
