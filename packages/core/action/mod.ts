export * from "./action.ts";
export { type AttachmentField, FIELDS, type Fields } from "./fields.ts";
export { invalid, invalidFields } from "./invalid.ts";
export { parseRecipients } from "./parse_recipients.ts";
export { parseReport } from "./parse_report.ts";
export { parseReply, parseSend } from "./parse_send.ts";
export { type Report, type ReportDraftOptions, reportDraft } from "./report_draft.ts";
