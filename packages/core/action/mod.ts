export * from "./action.ts";
export { askedDraft, isAskedFor } from "./asked_draft.ts";
export {
  type AttachmentField,
  FIELDS,
  type Fields,
  MAX_MARKDOWN,
  MAX_RECIPIENTS,
  MAX_SUBJECT,
  withoutBlanks,
} from "./fields.ts";
export { fileNameProblem } from "./file_name.ts";
export { hidesWhatFollows } from "./hides_what_follows.ts";
export { invalid, invalidFields, invalidJson } from "./invalid.ts";
export { bareMediaType, canonicalMediaType } from "./media_type.ts";
export { EMAIL_BODIES, parseRecipients, parseReply, parseReport, parseSend } from "./parse_email.ts";
export { fieldName, type JsonProblem, type JsonResult, readJson } from "./read_json.ts";
export { type Report, type ReportDraftOptions, reportDraft } from "./report_draft.ts";
