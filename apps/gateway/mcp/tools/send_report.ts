import { FIELDS, parseReport } from "@countersign/core/action";
import { z } from "zod";
import { inputSchema } from "../input_schema.ts";
import type { EmailTool } from "../tool.ts";
import { EMAIL_ADVICE } from "./_advice.ts";
import { renamed } from "./_renamed.ts";

/** Sends figures to several people, one email each. */
export const sendReport: EmailTool = {
  name: "send_report",
  title: "Send report",
  action: "report",
  purpose: () =>
    "Sends a report of figures: one email to each recipient, each judged and held by itself. One that is refused does " +
    "not stop the others; the answer lists what became of each.",
  advice: EMAIL_ADVICE,
  labels: { running: "Sending report", done: "Send report" },
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
  inputSchema: inputSchema(
    z.strictObject({
      period: FIELDS.period,
      metrics: FIELDS.metrics,
      recipients: FIELDS.recipients,
      subject: FIELDS.reportSubject.optional(),
      note: FIELDS.note.optional(),
    }),
  ),
  parse: ({ period, metrics, ...rest }) =>
    renamed(parseReport({ report: { period, metrics }, ...rest }), (field) => field.replace(/^report\./, "")),
};
