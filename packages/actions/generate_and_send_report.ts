import { ask } from "./_ask.ts";
import type { ActionOptions } from "./action_options.ts";
import type { Reason } from "./countersign_error.ts";
import type { SentEmail } from "./sent_email.ts";

/** What a report tells. */
export interface ReportData {
  readonly metrics: Readonly<Record<string, number>>;
  /** Such as `2026-W07`. */
  readonly period: string;
}

/** Options of {@linkcode generateAndSendReport}. */
export interface ReportOptions extends ActionOptions {
  /** @default names the period */
  readonly subject?: string;
  /** Goes above the metrics. */
  readonly note?: string;
  /** With the same key and content, asking again sends nothing twice. */
  readonly idempotencyKey?: string;
}

/** A report's email that was let through. */
export interface SentReport extends SentEmail {
  readonly recipient?: string;
}

/** A report's email that was refused; the others left all the same. */
export interface RefusedReport {
  readonly recipient?: string;
  readonly error: string;
  readonly code: string;
  readonly reasons: readonly Reason[];
  readonly receipt?: string;
}

/** What became of one recipient's email: refused when it has an `error`. */
export type ReportResult = SentReport | RefusedReport;

/**
 * Sends every recipient an email with the report, each decided for itself.
 * Gives one result a recipient, in their order; throws a `CountersignError` when none was tried, or nobody knows, and a
 * `TypeError` for a figure that is none, or that a number does not hold exactly.
 */
export async function generateAndSendReport(
  apiKey: string,
  mailboxId: string,
  reportData: ReportData,
  recipients: readonly string[],
  options: ReportOptions = {},
): Promise<readonly ReportResult[]> {
  const { subject, note, idempotencyKey } = options;
  const { period, metrics } = reportData;
  checkFigures(metrics);
  const answer = await ask<{ readonly results: readonly ReportResult[] }>(
    apiKey,
    {
      doing: "send report",
      subject: "Report",
      path: "/v1/report",
      body: {
        mailbox_id: mailboxId,
        report: { period, metrics },
        recipients,
        subject,
        note,
        idempotency_key: idempotencyKey,
      },
      field: "results",
    },
    options,
  );
  return answer.results;
}

/** JSON would write another figure, or none, without a word. */
function checkFigures(metrics: ReportData["metrics"]): void {
  for (const [name, figure] of Object.entries(metrics)) {
    if (typeof figure !== "number" || !Number.isFinite(figure)) {
      throw new TypeError(`Cannot send report: the figure ${JSON.stringify(name)} must be a number`);
    }
    if (Number.isInteger(figure) && !Number.isSafeInteger(figure)) {
      throw new TypeError(
        `Cannot send report: the figure ${JSON.stringify(name)} must not be beyond ${Number.MAX_SAFE_INTEGER}, where numbers are not exact; write it in the note`,
      );
    }
  }
}
