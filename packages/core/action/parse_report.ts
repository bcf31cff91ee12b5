import { z } from "zod";
import type { InvalidAction, SendAction } from "./action.ts";
import { FIELDS } from "./fields.ts";
import { invalidFields } from "./invalid.ts";
import { parseRecipients } from "./parse_recipients.ts";
import { reportDraft } from "./report_draft.ts";

const REPORT = z.strictObject({
  mailbox_id: FIELDS.id.optional(),
  report: FIELDS.report,
  recipients: FIELDS.addresses.min(1, "At least one recipient is needed"),
  subject: FIELDS.subject.optional(),
  note: FIELDS.markdown.optional(),
  idempotency_key: FIELDS.idempotencyKey.optional(),
});

/** A report, as `POST /v1/report` takes it → one action per recipient, each judged and held by itself. */
export function parseReport(body: unknown): readonly SendAction[] | InvalidAction {
  const parsed = REPORT.safeParse(body);
  if (!parsed.success) return invalidFields("report", parsed.error);
  const { mailbox_id, report, recipients, subject, note, idempotency_key: key } = parsed.data;
  const draft = reportDraft(report, {
    ...(subject !== undefined && { subject }),
    ...(note !== undefined && { note }),
  });
  return recipients.map((recipient) => ({
    name: "report",
    recipients: parseRecipients({ to: [recipient] }),
    draft,
    ...(mailbox_id !== undefined && { mailboxId: mailbox_id }),
    // One key a recipient: each email of the report is an email of its own.
    ...(key !== undefined && { idempotencyKey: `${key} ${recipient}` }),
  }));
}
