import type pg from "pg";
import { addressBase } from "../../record/address_base.ts";
import { domainMark, emailMarks } from "../../record/derived.ts";
import type { TrailRecord } from "../../record/record.ts";
import type { RecordKind } from "../../record/record_kind.ts";
import { toIsoTime } from "../../record/to_iso_time.ts";
import type { AssistantFilter, TrailFilter } from "../store.ts";
import type { StoredRecord } from "../stored.ts";
import { columnText } from "./_column_text.ts";

/** A row of `records`. */
export interface RecordRow {
  readonly seq: number;
  readonly json: string;
  readonly leaf: Uint8Array;
}

/** How many rows are read at a time. */
const PAGE_ROWS = 500;

/** Pages of the records below `size` that pass the filter, in the filter's order. */
export async function* recordPages(
  pool: pg.Pool,
  filter: TrailFilter,
  size: number,
): AsyncGenerator<readonly RecordRow[]> {
  let { from, to } = await boundsOf(pool, filter, size);
  let left = filter.limit ?? Number.POSITIVE_INFINITY;
  const { where, values } = selectOf(filter, 4);
  const sql = `SELECT r.seq, r.json, r.leaf FROM records r WHERE ${where}
    ORDER BY r.seq ${filter.newestFirst ? "DESC" : "ASC"} LIMIT $3`;
  while (left > 0 && from < to) {
    const limit = Math.min(PAGE_ROWS, left);
    const { rows } = await pool.query<RecordRow>(sql, [from, to, limit, ...values]);
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < limit) return;
    left -= rows.length;
    if (filter.newestFirst) to = last.seq;
    else from = last.seq + 1;
  }
}

/** How many records below `size` pass the filter. */
export async function countRecords(pool: pg.Pool, filter: TrailFilter, size: number): Promise<number> {
  const { from, to } = await boundsOf(pool, filter, size);
  const { where, values } = selectOf(filter, 3);
  const sql = `SELECT count(*)::float8 AS count FROM records r WHERE ${where}`;
  const { rows } = await pool.query<{ count: number }>(sql, [from, to, ...values]);
  return rows[0]?.count ?? 0;
}

/** The records that a table lists, in order. */
export async function listedRows<Kind extends "intent" | "outcome">(
  pool: pg.Pool,
  table: { readonly intent: "open_intents"; readonly outcome: "watched_emails" }[Kind],
  of?: AssistantFilter,
): Promise<readonly StoredRecord<Kind>[]> {
  const { rows } = await pool.query<RecordRow>(
    `SELECT r.seq, r.json, r.leaf FROM ${table} o JOIN records r ON r.seq = o.seq
    ${of === undefined ? "" : "WHERE r.team = $1 AND r.assistant = $2"} ORDER BY o.seq`,
    of === undefined ? [] : [columnText(of.team), columnText(of.assistant)],
  );
  return rows.map((row) => storedRecordOf<Kind>(row));
}

/** A row with its record read, which is of this kind. */
export function storedRecordOf<Kind extends RecordKind = RecordKind>({
  json,
  leaf,
}: RecordRow): StoredRecord<Kind> {
  return { record: JSON.parse(json) as TrailRecord<Kind>, json, leaf };
}

/** Where records of the filter's time can be. Clocks jump, so that time alone does not tell where to stop. */
async function boundsOf(
  pool: pg.Pool,
  { since, until, fromSeq = 0 }: TrailFilter,
  size: number,
): Promise<{ from: number; to: number }> {
  if (since === undefined && until === undefined) return { from: fromSeq, to: size };
  // By the index of times: for a plain min the planner may rather go through the records, hoping for an early one.
  const { rows } = await pool.query<{ first: number | null; last: number | null }>(
    "SELECT min(seq + 0) AS first, max(seq + 0) AS last FROM records WHERE at >= $1 AND at < $2",
    [since === undefined ? "" : toIsoTime(since), until === undefined ? ":" : toIsoTime(until)],
  );
  const { first = null, last = null } = rows[0] ?? {};
  if (first === null || last === null) return { from: 0, to: 0 };
  return { from: Math.max(fromSeq, first), to: Math.min(size, last + 1) };
}

/** The statement's condition, whose first parameters are from and to; and its other values, from `$first` on. */
function selectOf(
  filter: TrailFilter,
  first: number,
): { readonly where: string; readonly values: readonly (string | readonly string[])[] } {
  const { kinds, recipient, rule, effect, email, since, until } = filter;
  const values: (string | readonly string[])[] = [];
  const param = (value: string) => `$${values.push(columnText(value)) + first - 1}`;
  const conditions = (["kind", "team", "assistant", "receipt"] as const).flatMap((name) => {
    const value = filter[name];
    return value === undefined ? [] : [`r.${name} = ${param(value)}`];
  });
  if (kinds !== undefined) conditions.push(`r.kind = ANY ($${values.push(kinds) + first - 1}::text[])`);
  // Written out, so that the index of denials is used.
  if (effect !== undefined) conditions.push(effect === "deny" ? "r.effect = 'deny'" : "r.effect = 'allow'");
  if (since !== undefined) conditions.push(`r.at >= ${param(toIsoTime(since))}`);
  if (until !== undefined) conditions.push(`r.at < ${param(toIsoTime(until))}`);
  const has = (mark: string) => `strpos(r.json, ${param(mark)}) > 0`;
  const domain = recipient === undefined ? undefined : domainMark(recipient);
  if (domain !== undefined) conditions.push(`r.kind = 'intent' AND ${has(domain)}`);
  if (email !== undefined) {
    const taken = `r.receipt IN (SELECT t.receipt FROM records t WHERE t.taken = ${param(email)})`;
    conditions.push(`(${[taken, ...emailMarks(email).map(has)].join(" OR ")})`);
  }
  const derived = [
    ...(recipient === undefined || domain !== undefined
      ? []
      : [`recipients WHERE base = ${param(addressBase(recipient))}`]),
    ...(rule === undefined ? [] : [`rules WHERE rule = ${param(rule)}`]),
  ];
  const bounds = (seq: string) => `${seq} >= $1 AND ${seq} < $2`;
  conditions.push(...derived.map((from) => `r.seq IN (SELECT seq FROM ${from} AND ${bounds("seq")})`));
  return { where: [...conditions, bounds("r.seq")].join(" AND "), values };
}
