export type * from "./context.ts";
export { decide } from "./decide.ts";
export type * from "./decision.ts";
export { isInternal } from "./is_internal.ts";
export { judgedRecipients } from "./judged_recipients.ts";
export { type LimitCounter, limitCounters } from "./limit_counters.ts";
export type { Rule } from "./rule.ts";
export { liveDifferences } from "./rules/mailbox_verified.ts";
export { RULES } from "./rules.ts";
