export { type OpenSqliteTrailOptions, openSqliteTrail } from "./open_trail.ts";
export { type GatewayLock, takeGatewayLock } from "./take_gateway_lock.ts";
