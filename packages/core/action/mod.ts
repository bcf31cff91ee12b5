export * from "./action.ts";
export * from "./parse_recipients.ts";
export * from "./report_draft.ts";
