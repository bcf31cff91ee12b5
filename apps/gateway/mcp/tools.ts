import type { EmailTool } from "./tool.ts";
import { cancelMessage } from "./tools/cancel_message.ts";
import { checkInbox } from "./tools/check_inbox.ts";
import { emailPolicy } from "./tools/email_policy.ts";
import { emailStatus } from "./tools/email_status.ts";
import { getThread } from "./tools/get_thread.ts";
import { readEmail } from "./tools/read_email.ts";
import { replyEmail } from "./tools/reply_email.ts";
import { sendEmail } from "./tools/send_email.ts";
import { sendReport } from "./tools/send_report.ts";

/**
 * Every tool, the same for every assistant and always in this order: Dust drops an admin's settings of a tool that
 * disappears for a moment.
 */
export const TOOLS: readonly EmailTool[] = [
  sendEmail,
  replyEmail,
  checkInbox,
  readEmail,
  getThread,
  emailStatus,
  cancelMessage,
  sendReport,
  emailPolicy,
];
