import { z } from "zod";
import type { InvalidAction, SendAction } from "./action.ts";
import { FIELDS } from "./fields.ts";
import { invalidFields } from "./invalid.ts";
import { parseRecipients } from "./parse_recipients.ts";
import { reportDraft } from "./report_draft.ts";
import { withoutBlanks } from "./without_blanks.ts";

const REPORT = z.strictObject({
  mailbox_id: FIELDS.id.optional(),
  report: FIELDS.report,
  recipients: FIELDS.someAddresses,
  subject: FIELDS.subject.optional(),
  note: FIELDS.markdown.optional(),
  idempotency_key: FIELDS.idempotencyKey.optional(),
});

/** A report, as `POST /v1/report` takes it → one action per recipient, each judged and held by itself. */
export function parseReport(body: unknown): readonly SendAction[] | InvalidAction {
  const parsed = REPORT.safeParse(withoutBlanks(body, REPORT));
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
    // Each email of the report claims it for its recipient.
    ...(key !== undefined && { idempotencyKey: key }),
  }));
}
