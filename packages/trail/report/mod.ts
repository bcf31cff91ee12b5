export {
  EMAIL_MEASURES,
  type EmailMeasure,
  type EmailReport,
  type EmailReportsOptions,
  emailReport,
  emailReports,
  type ReportSpan,
  type TeamReport,
} from "./email_report.ts";
export { type FileVersion, fileVersions } from "./file_versions.ts";
export {
  type Clearing,
  type MailboxStop,
  readMailboxStops,
  recordMailboxCleared,
} from "./mailbox_stops.ts";
export { type PolicyCommit, policyCommit } from "./policy_commit.ts";
export { type PolicyPeriod, policyHistory } from "./policy_history.ts";
export { type LinesAround, PolicyLines } from "./policy_lines.ts";
