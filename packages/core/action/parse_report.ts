import { z } from "zod";
import { defined } from "../optional/defined.ts";
import type { InvalidAction, SendAction } from "./action.ts";
import { FIELDS } from "./fields.ts";
import { invalidFields } from "./invalid.ts";
import { parseRecipients } from "./parse_recipients.ts";
import { reportDraft } from "./report_draft.ts";
import { withoutBlanks } from "./without_blanks.ts";

const REPORT = z.strictObject({
  mailbox_id: FIELDS.id.optional(),
  report: z.strictObject({ period: FIELDS.period, metrics: FIELDS.metrics }),
  recipients: FIELDS.recipients,
  subject: FIELDS.subject.optional(),
  note: FIELDS.markdown.optional(),
  idempotency_key: FIELDS.idempotencyKey.optional(),
});

/** A report, as `POST /v1/report` takes it → one action per recipient, each judged and held by itself. */
export function parseReport(body: unknown): readonly SendAction[] | InvalidAction {
  const parsed = REPORT.safeParse(withoutBlanks(body, REPORT));
  if (!parsed.success) return invalidFields("report", parsed.error);
  const { mailbox_id, report, recipients, subject, note, idempotency_key: key } = parsed.data;
  const draft = reportDraft(report, defined({ subject, note }));
  return recipients.map((recipient) =>
    defined({
      name: "report",
      recipients: parseRecipients({ to: [recipient] }),
      draft,
      mailboxId: mailbox_id,
      // Each email of the report claims it for its recipient.
      idempotencyKey: key,
    }),
  );
}
