export type * from "./action_options.ts";
export * from "./check_inbox.ts";
export * from "./countersign_error.ts";
export type { Attachment, EmailOptions } from "./email_options.ts";
export * from "./email_status.ts";
export * from "./generate_and_send_report.ts";
export * from "./reply_to_email.ts";
export * from "./send_email.ts";
export type * from "./sent_email.ts";
