import { parseReport } from "@countersign/core/action";
import type { EmailTool } from "../tool.ts";
import { EMAIL_ADVICE } from "./_advice.ts";
import { addresses } from "./_properties.ts";
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
  properties: {
    period: {
      type: "string",
      description: "What time the figures are about, such as 2026-W47.",
      maxLength: 200,
    },
    metrics: {
      type: "object",
      description: 'The figures by name, plain numbers: {"Signups": 42, "Churn %": 1.5}.',
      additionalProperties: { type: "number" },
    },
    recipients: { ...addresses("Who gets the report, each in an email of its own."), minItems: 1 },
    subject: {
      type: "string",
      description: 'The subject; "Weekly Report: " and the period if left out.',
      minLength: 1,
      maxLength: 998,
    },
    note: { type: "string", description: "A paragraph below the figures, in markdown.", maxLength: 262_144 },
  },
  required: ["period", "metrics", "recipients"],
  parse: ({ period, metrics, ...rest }) =>
    renamed(parseReport({ report: { period, metrics }, ...rest }), (field) => field.replace(/^report\./, "")),
};
