export type * from "./context.ts";
export type * from "./decision.ts";
