export { type OpenSqliteTrailOptions, openSqliteTrail } from "./open_trail.ts";
export { rawDatabase } from "./raw_database.ts";
export { type GatewayLock, takeGatewayLock } from "./take_gateway_lock.ts";
