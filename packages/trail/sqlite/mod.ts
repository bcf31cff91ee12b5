export { type OpenSqliteTrailOptions, openSqliteTrail } from "./open_sqlite_trail.ts";
