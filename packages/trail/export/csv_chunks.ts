import type { IntentData } from "../record/intent.ts";
import type { LifecycleData } from "../record/lifecycle.ts";
import type { OutcomeData } from "../record/outcome.ts";
import { personOf } from "../record/person_of.ts";
import type { TrailRecord } from "../record/record.ts";
import { subjectOf } from "../record/subject_of.ts";
import type { TrailStore } from "../store/store.ts";
import { type OpenedRecord, openedRecords } from "./_opened_records.ts";
import { csvCell } from "./csv_cell.ts";
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
  kind === "intent" ? data : undefined;

const outcomeOf = ({ record: { kind, data } }: OpenedRecord): OutcomeData | undefined =>
  kind === "outcome" ? data : undefined;

const lifecycleOf = ({ record: { kind, data } }: OpenedRecord): LifecycleData | undefined =>
  kind === "lifecycle" && data.event !== "unknown" ? data : undefined;

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
  rules: (opened) => rulesText(intentOf(opened)),
  recipients: (opened) =>
    list(intentOf(opened)?.recipients.flatMap(({ address }) => opened.values.get(address) ?? [])),
  domains: (opened) => list(intentOf(opened)?.recipients.flatMap(({ domain }) => domain ?? [])),
  subject: (opened) => {
    const intent = intentOf(opened);
    return intent === undefined ? null : (subjectOf(intent, opened.values) ?? null);
  },
  outcome: (opened) => outcomeOf(opened)?.result ?? null,
  multimail_email: ({ record: { data } }) => (typeof data.email === "string" ? data.email : null),
  policy: ({ record }) => record.policy,
  roles: (opened) => rolesText(intentOf(opened), opened.values),
  attachments: (opened) => attachmentsText(intentOf(opened), opened.values),
  event: ({ record: { kind, data } }) => (kind === "lifecycle" ? data.event : null),
  happened_at: (opened) => lifecycleOf(opened)?.happened_at ?? null,
  decided_by: (opened) => lifecycleOf(opened)?.decided_by ?? null,
  person: ({ record, values }) => values.get(personOf(record) ?? "") ?? null,
  reason: ({ record: { data }, values }) =>
    typeof data.reason === "string" ? (values.get(data.reason) ?? null) : null,
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
    yield `${columns.map((column) => csvCell(column(opened, options))).join()}\r\n`;
}

/** The rules that had something to say, with the lines that say so. */
export function rulesText(intent: IntentData | undefined): string | null {
  return list(intent?.findings.map(({ rule, where }) => (where === null ? rule : `${rule} (${where})`)));
}

/** Recipients by what they are to the email, as domains where the address is not among the values. */
export function rolesText(intent: IntentData | undefined, values: OpenedRecord["values"]): string | null {
  return list(
    intent?.recipients.map(
      ({ field, address, domain }) =>
        `${field} ${values.get(address) ?? (domain === null ? "?" : `@${domain}`)}`,
    ),
  );
}

/** File names with types and sizes, without the names where they are not among the values. */
export function attachmentsText(
  intent: IntentData | undefined,
  values: OpenedRecord["values"],
): string | null {
  return list(
    intent?.attachments.map(({ name, content_type, bytes }) =>
      [values.get(name), `(${content_type}, ${bytes} bytes)`].filter((part) => part !== undefined).join(" "),
    ),
  );
}

function list(items: readonly string[] | undefined): string | null {
  return items === undefined || items.length === 0 ? null : [...new Set(items)].join("; ");
}
