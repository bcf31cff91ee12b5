export type * from "./intent_data.ts";
export * from "./record.ts";
export type * from "./sealed.ts";
export type * from "./store.ts";
export { TrailUnavailableError } from "./trail_unavailable_error.ts";
