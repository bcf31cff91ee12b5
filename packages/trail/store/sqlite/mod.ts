export { type OpenSqliteTrailOptions, openSqliteTrail } from "./open_sqlite_trail.ts";
export { type GatewayLock, takeGatewayLock } from "./take_gateway_lock.ts";
