import type { IntentData, OutcomeData } from "../intent_data.ts";
import type { TrailRecord } from "../record.ts";
import type { TrailStore } from "../store.ts";
import { type OpenedRecord, openedRecords } from "./_opened_records.ts";
import type { ExportHeader } from "./export_header.ts";

/** How to write CSV. */
export interface CsvOptions {
  /** Which records, and which of their values. */
  readonly header: ExportHeader;
  /** A record in a few words. */
  readonly summarize: (record: TrailRecord) => string;
  /** Begins with a byte order mark, by which Excel knows UTF-8; default: not. */
  readonly bom?: boolean;
}

type Column = (opened: OpenedRecord, options: Pick<CsvOptions, "summarize">) => string | number | null;

/** An intent's data; of another kind of record nothing. */
const intentOf = ({ record: { kind, data } }: OpenedRecord): IntentData | undefined =>
  kind === "intent" ? (data as IntentData) : undefined;

const outcomeOf = ({ record: { kind, data } }: OpenedRecord): OutcomeData | undefined =>
  kind === "outcome" ? (data as OutcomeData) : undefined;

const COLUMNS: Readonly<Record<string, Column>> = {
  seq: ({ record }) => record.seq,
  time: ({ record }) => record.at,
  kind: ({ record }) => record.kind,
  team: ({ record }) => record.team,
  assistant: ({ record }) => record.assistant,
  receipt: ({ record }) => record.receipt,
  what: ({ record }, { summarize }) => summarize(record),
  effect: (opened) => intentOf(opened)?.effect ?? null,
  held: (opened) => (intentOf(opened)?.held ? "yes" : null),
  rules: (opened) =>
    list(intentOf(opened)?.findings.map(({ rule, where }) => (where === null ? rule : `${rule} (${where})`))),
  recipients: (opened) =>
    list(intentOf(opened)?.recipients.flatMap(({ address }) => opened.values.get(address) ?? [])),
  domains: (opened) => list(intentOf(opened)?.recipients.flatMap(({ domain }) => domain ?? [])),
  subject: (opened) => opened.values.get(intentOf(opened)?.subject ?? "") ?? null,
  outcome: (opened) => outcomeOf(opened)?.result ?? null,
  multimail_email: ({ record: { data } }) => (typeof data.email === "string" ? data.email : null),
  policy: ({ record }) => record.policy,
};

/**
 * An export as CSV for people (RFC 4180): a header, then a line for each record. A cell that a spreadsheet would take for
 * a formula begins with an apostrophe.
 */
export async function* csvChunks(
  trail: TrailStore,
  { header, ...options }: CsvOptions,
): AsyncGenerator<string> {
  yield `${options.bom ? "\ufeff" : ""}${Object.keys(COLUMNS).join()}\r\n`;
  const columns = Object.values(COLUMNS);
  for await (const opened of openedRecords(trail, header))
    yield `${columns.map((column) => cell(column(opened, options))).join()}\r\n`;
}

function list(items: readonly string[] | undefined): string | null {
  return items === undefined ? null : [...new Set(items)].join("; ");
}

function cell(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const plain = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

/** What spreadsheets take for the beginning of one, also in full width (OWASP, CSV injection). */
const FORMULA = /^\s*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;
