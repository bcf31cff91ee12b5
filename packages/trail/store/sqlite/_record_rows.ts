import type Database from "better-sqlite3";
import { addressBase } from "../../record/address_base.ts";
import { domainMark, emailMarks } from "../../record/derived.ts";
import type { TrailRecord } from "../../record/record.ts";
import type { RecordKind } from "../../record/record_kind.ts";
import { toIsoTime } from "../../record/to_iso_time.ts";
import type { AssistantFilter, TrailFilter } from "../store.ts";
import type { StoredRecord } from "../stored.ts";

/** A row of `records`. */
export interface RecordRow {
  readonly seq: number;
  readonly json: string;
  readonly leaf: Uint8Array;
}

type Params = Record<string, string | number>;

/** How many rows are read at a time. */
const PAGE_ROWS = 500;

/**
 * Ways into the table, the narrowest first. The first that a filter has is used as index: SQLite, without statistics,
 * would guess, and a wrong guess reads a million rows.
 */
const INDEXED = ["receipt", "recipient", "rule", "assistant", "team", "denied", "kind"] as const;

const NOBODY = { team: null, assistant: null };

/** Reads records from the database. */
export class RecordRows {
  readonly #db: Database.Database;
  /** By their SQL: there are as many as combinations of filters. */
  readonly #statements = new Map<string, Database.Statement<[Params], RecordRow>>();
  readonly #counts = new Map<string, Database.Statement<[Params], number>>();
  readonly #span: Database.Statement<[string, string], { first: number | null; last: number | null }>;
  readonly #ofReceipt: Database.Statement<[string, number], RecordRow>;
  readonly #open: Database.Statement<[AssistantFilter | typeof NOBODY], RecordRow>;
  readonly #watched: Database.Statement<[AssistantFilter | typeof NOBODY], RecordRow>;

  constructor(db: Database.Database) {
    this.#db = db;
    this.#span = db.prepare("SELECT min(seq) first, max(seq) last FROM records WHERE at >= ? AND at < ?");
    this.#ofReceipt = db.prepare(
      "SELECT seq, json, leaf FROM records WHERE receipt = ? AND seq < ? ORDER BY seq",
    );
    const listed = (table: string) =>
      `SELECT r.seq, r.json, r.leaf FROM ${table} o JOIN records r ON r.seq = o.seq
      WHERE @team IS NULL OR (r.team = @team AND r.assistant = @assistant) ORDER BY o.seq`;
    this.#open = db.prepare(listed("open_intents"));
    this.#watched = db.prepare(listed("watched_emails"));
  }

  /** Pages of the records below `size` that pass the filter, in the filter's order. */
  *pages(filter: TrailFilter, size: number): Generator<readonly RecordRow[]> {
    let { from, to } = this.#bounds(filter, size);
    let left = filter.limit ?? Number.POSITIVE_INFINITY;
    const { from: tables, where, order, params } = selectOf(filter);
    const sql = `SELECT r.seq, r.json, r.leaf FROM ${tables} WHERE ${where} ORDER BY ${order} LIMIT @limit`;
    while (left > 0 && from < to) {
      const limit = Math.min(PAGE_ROWS, left);
      const rows = this.#statement(sql).all({ ...params, from, to, limit });
      if (rows.length > 0) yield rows;
      const last = rows.at(-1);
      if (last === undefined || rows.length < limit) return;
      left -= rows.length;
      if (filter.newestFirst) to = last.seq;
      else from = last.seq + 1;
    }
  }

  /** How many records below `size` pass the filter. */
  count(filter: TrailFilter, size: number): number {
    const { from, to } = this.#bounds(filter, size);
    const { from: tables, where, params } = selectOf(filter);
    const sql = `SELECT count(*) FROM ${tables} WHERE ${where}`;
    let statement = this.#counts.get(sql);
    if (statement === undefined) {
      statement = this.#db.prepare<[Params], number>(sql).pluck();
      this.#counts.set(sql, statement);
    }
    return statement.get({ ...params, from, to }) ?? 0;
  }

  /** Rows of one receipt's records below `size`, in order: a call has few. */
  ofReceipt(receipt: string, size: number): readonly RecordRow[] {
    return this.#ofReceipt.all(receipt, size);
  }

  /** Rows of the intents that are open, in order. */
  open(of: AssistantFilter | typeof NOBODY = NOBODY): readonly RecordRow[] {
    return this.#open.all(of);
  }

  /** Rows of the outcomes whose email is watched, in order. */
  watched(of: AssistantFilter | typeof NOBODY = NOBODY): readonly RecordRow[] {
    return this.#watched.all(of);
  }

  /** Where records of the filter's time can be. Clocks jump, so that time alone does not tell where to stop. */
  #bounds({ since, until, fromSeq = 0 }: TrailFilter, size: number): { from: number; to: number } {
    if (since === undefined && until === undefined) return { from: fromSeq, to: size };
    const { first, last } = this.#span.get(...timesOf({ since, until })) ?? { first: null, last: null };
    if (first === null || last === null) return { from: 0, to: 0 };
    return { from: Math.max(fromSeq, first), to: Math.min(size, last + 1) };
  }

  #statement(sql: string): Database.Statement<[Params], RecordRow> {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#db.prepare<[Params], RecordRow>(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

/** A row with its record read, which is of this kind. */
export function storedRecordOf<Kind extends RecordKind = RecordKind>({
  json,
  leaf,
}: RecordRow): StoredRecord<Kind> {
  return { record: JSON.parse(json) as TrailRecord<Kind>, json, leaf };
}

/** A statement's parts; its parameters besides `from`, `to` and `limit`. */
interface Select {
  readonly from: string;
  readonly where: string;
  readonly order: string;
  readonly params: Params;
}

function selectOf(filter: TrailFilter): Select {
  const { kind, kinds, team, assistant, receipt, rule, effect, email } = filter;
  const [since, until] = timesOf(filter);
  const mark = filter.recipient === undefined ? undefined : domainMark(filter.recipient);
  const recipient =
    filter.recipient === undefined || mark !== undefined ? undefined : addressBase(filter.recipient);
  const denied = effect === "deny" ? true : undefined;
  const wanted = { receipt, recipient, rule, assistant, team, denied, kind };
  const index = INDEXED.find((name) => wanted[name] !== undefined);
  const derived = index === "recipient" || index === "rule" ? DERIVED[index] : undefined;
  // A plus keeps SQLite from using an index.
  const column = (name: string) => (name === index ? `r.${name}` : `+r.${name}`);
  const conditions = [
    ...(["kind", "team", "assistant", "receipt"] as const)
      .filter((name) => filter[name] !== undefined)
      .map((name) => `${column(name)} = @${name}`),
    ...(["recipient", "rule"] as const)
      .filter((name) => wanted[name] !== undefined)
      .map((name) =>
        name === index
          ? `d.${DERIVED[name].column} = @${name}`
          : `EXISTS (SELECT 1 FROM ${DERIVED[name].table} e WHERE e.seq = r.seq AND e.${DERIVED[name].column} = @${name})`,
      ),
    ...(kinds === undefined ? [] : ["+r.kind IN (SELECT value FROM json_each(@kinds))"]),
    ...(mark === undefined ? [] : ["instr(r.json, @mark) > 0 AND +r.kind = 'intent'"]),
    ...(email === undefined ? [] : [ABOUT_EMAIL]),
    ...(effect === undefined ? [] : [index === "denied" ? "r.effect = 'deny'" : `+r.effect = @effect`]),
    ...(filter.since === undefined && filter.until === undefined
      ? []
      : ["+r.at >= @since AND +r.at < @until"]),
  ];
  const [marked, about] = email === undefined ? [] : emailMarks(email);
  const seq = derived ? "d.seq" : "r.seq";
  return {
    from: derived ? `${derived.table} d CROSS JOIN records r ON r.seq = d.seq` : "records r",
    where: [...conditions, `${seq} >= @from AND ${seq} < @to`].join(" AND "),
    order: `${seq} ${filter.newestFirst ? "DESC" : "ASC"}`,
    params: withoutUndefined({
      ...{ kind, team, assistant, receipt, recipient, rule, effect, since, until },
      ...{ kinds: kinds === undefined ? undefined : JSON.stringify(kinds), mark, email, marked, about },
    }),
  };
}

const ABOUT_EMAIL = `(+r.receipt IN (SELECT t.receipt FROM records t WHERE t.taken = @email)
  OR instr(r.json, @marked) > 0 OR instr(r.json, @about) > 0)`;

const DERIVED = {
  recipient: { table: "recipients", column: "base" },
  rule: { table: "rules", column: "rule" },
} as const;

/** The filter's time as text: without a bound, one that no record's time reaches. */
function timesOf({
  since,
  until,
}: Pick<TrailFilter, never> & { since?: number | undefined; until?: number | undefined }): [string, string] {
  return [since === undefined ? "" : toIsoTime(since), until === undefined ? ":" : toIsoTime(until)];
}

function withoutUndefined(params: Record<string, string | number | undefined>): Params {
  return Object.fromEntries(
    Object.entries(params).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
