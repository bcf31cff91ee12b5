export type * from "./context.ts";
export { decide } from "./decide.ts";
export type * from "./decision.ts";
export { isInternal } from "./is_internal.ts";
export type { Rule } from "./rule.ts";
export { liveDifferences } from "./rules/mailbox_verified.ts";
export { RULES } from "./rules.ts";
