import { openAsker } from "../record/asker.ts";
import type { IntentData } from "../record/intent.ts";
import { isReadable } from "../record/is_readable.ts";
import type { Json } from "../record/json.ts";
import { personOf } from "../record/person_of.ts";
import type { TrailRecord } from "../record/record.ts";
import type { RecordKind } from "../record/record_kind.ts";
import { isObject } from "../record/shape.ts";
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

/** In order. */
const COLUMNS = [
  ...(["seq", "time", "kind", "team", "assistant", "receipt", "what", "effect", "held", "rules"] as const),
  ...(["recipients", "domains", "subject", "outcome", "multimail_email", "policy", "roles"] as const),
  ...(["attachments", "event", "happened_at", "decided_by", "person", "reason"] as const),
  ...(["user", "user_subject", "user_issuer", "assistant_proven"] as const),
];

/** What is empty is left out, or null. */
type Cells = { readonly [Column in (typeof COLUMNS)[number]]?: string | number | null };

type CellsOf<Kind extends RecordKind> = (opened: OpenedRecord<Kind>) => Cells;

/** What a record of each kind fills besides the cells that each does; null: none. */
const CELLS: { readonly [Kind in RecordKind]: CellsOf<Kind> | null } = {
  intent: ({ record: { data }, values }) => ({
    effect: data.effect,
    held: data.held ? "yes" : null,
    rules: rulesText(data),
    recipients: list(data.recipients.flatMap(({ address }) => values.get(address) ?? [])),
    domains: list(data.recipients.flatMap(({ domain }) => domain ?? [])),
    subject: subjectOf(data, values) ?? null,
    roles: rolesText(data, values),
    attachments: attachmentsText(data, values),
    ...userCells(data, values),
  }),
  outcome: ({ record: { data } }) => ({ outcome: data.result }),
  lifecycle: ({ record: { data } }) =>
    data.event === "unknown"
      ? { event: data.event }
      : { event: data.event, happened_at: data.happened_at, decided_by: data.decided_by ?? null },
  approval: null,
  notice: null,
  readback: null,
  policy: null,
  drift: null,
  key: null,
  refused: null,
  access: null,
  export: null,
  erasure: null,
  checkpoint: null,
};

function cellsOf(opened: OpenedRecord, { summarize }: Pick<CsvOptions, "summarize">): Cells {
  const { record, values } = opened;
  const { seq, at, kind, team, assistant, receipt, policy, data } = record;
  // Of its own kind.
  const own = isReadable(record) ? (CELLS[kind] as CellsOf<RecordKind> | null) : null;
  return {
    ...{ seq, time: at, kind, team, assistant, receipt, policy, what: summarize(record) },
    multimail_email: textOf(memberOf(data, "email")),
    person: values.get(personOf(record) ?? "") ?? null,
    reason: values.get(textOf(memberOf(data, "reason")) ?? "") ?? null,
    ...own?.(opened),
  };
}

/** Who asked the assistant, as far as it is among the values, and whether it was this assistant, where somebody did. */
export function userCells(
  { person, unproven }: IntentData,
  values: OpenedRecord["values"],
): Readonly<Record<"user" | "user_subject" | "user_issuer" | "assistant_proven", string | null>> {
  const asker = openAsker(person, values);
  return {
    user: asker?.address ?? null,
    user_subject: asker?.subject ?? null,
    user_issuer: asker?.issuer ?? null,
    assistant_proven: person === undefined ? null : unproven ? "no" : "yes",
  };
}

/** Of data that may be anything. */
function memberOf(data: Json, name: string): Json | undefined {
  return isObject(data) ? data[name] : undefined;
}

function textOf(value: Json | undefined): string | null {
  return typeof value === "string" ? value : null;
}

/**
 * An export as CSV for people (RFC 4180): a header, then a line for each record. A cell that a spreadsheet would take for
 * a formula begins with an apostrophe.
 */
export async function* csvChunks(
  trail: TrailStore,
  { header, ...options }: CsvOptions,
): AsyncGenerator<string> {
  yield `${options.bom ? "\ufeff" : ""}${COLUMNS.join()}\r\n`;
  for await (const opened of openedRecords(trail, header)) {
    const cells = cellsOf(opened, options);
    yield `${COLUMNS.map((column) => csvCell(cells[column] ?? null)).join()}\r\n`;
  }
}

/** The rules that had something to say, with the lines that say so. */
export function rulesText(intent: IntentData): string | null {
  return list(intent.findings.map(({ rule, where }) => (where === null ? rule : `${rule} (${where})`)));
}

/** Recipients by what they are to the email, as domains where the address is not among the values. */
export function rolesText(intent: IntentData, values: OpenedRecord["values"]): string | null {
  return list(
    intent.recipients.map(
      ({ field, address, domain }) =>
        `${field} ${values.get(address) ?? (domain === null ? "?" : `@${domain}`)}`,
    ),
  );
}

/** File names with types and sizes, without the names where they are not among the values. */
export function attachmentsText(intent: IntentData, values: OpenedRecord["values"]): string | null {
  return list(
    intent.attachments.map(({ name, content_type, bytes }) =>
      [values.get(name), `(${content_type}, ${bytes} bytes)`].filter((part) => part !== undefined).join(" "),
    ),
  );
}

function list(items: readonly string[]): string | null {
  return items.length === 0 ? null : [...new Set(items)].join("; ");
}
