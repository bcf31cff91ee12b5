import type Database from "better-sqlite3";
import { addressBase } from "../../record/address_base.ts";
import { domainMark, emailMarks } from "../../record/derived.ts";
import type { RecordKind } from "../../record/record_kind.ts";
import type { AssistantFilter, TrailFilter } from "../store.ts";
import type { StoredRecord } from "../stored.ts";
import { codeOf } from "./_code_text.ts";
import { packKey } from "./pack_key.ts";
import { type RecordReader, type RecordRow, recordColumns, recordJson } from "./record_reader.ts";

type Params = Record<string, string | number | Uint8Array>;

/** Where a row has its number. */
const SEQ = 6;

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
  readonly #reader: RecordReader;
  /** By their SQL: there are as many as combinations of filters. */
  readonly #statements = new Map<string, Database.Statement<[Params], RecordRow>>();
  readonly #counts = new Map<string, Database.Statement<[Params], number>>();
  readonly #span: Database.Statement<[number, number], { first: number | null; last: number | null }>;
  readonly #ofReceipt: Database.Statement<[string | Uint8Array, number], RecordRow>;
  readonly #open: Database.Statement<[AssistantFilter | typeof NOBODY], RecordRow>;
  readonly #watched: Database.Statement<[AssistantFilter | typeof NOBODY], RecordRow>;

  constructor(db: Database.Database, reader: RecordReader) {
    this.#db = db;
    this.#reader = reader;
    this.#span = db.prepare("SELECT min(seq) first, max(seq) last FROM records WHERE at >= ? AND at < ?");
    this.#ofReceipt = db
      .prepare<[string | Uint8Array, number], RecordRow>(
        `SELECT ${recordColumns("r")} FROM records r WHERE r.receipt = ? AND r.seq < ? ORDER BY r.seq`,
      )
      .raw();
    const listed = (table: string) =>
      `SELECT ${recordColumns("r")} FROM ${table} o JOIN records r ON r.seq = o.seq
      WHERE @team IS NULL OR (r.team = ${idOf("team")} AND r.assistant = ${idOf("assistant")}) ORDER BY o.seq`;
    this.#open = db.prepare<[AssistantFilter | typeof NOBODY], RecordRow>(listed("open_intents")).raw();
    this.#watched = db.prepare<[AssistantFilter | typeof NOBODY], RecordRow>(listed("watched_emails")).raw();
  }

  /** Pages of the records below `size` that pass the filter, in the filter's order. */
  *pages(filter: TrailFilter, size: number): Generator<readonly RecordRow[]> {
    let { from, to } = this.#bounds(filter, size);
    let left = filter.limit ?? Number.POSITIVE_INFINITY;
    this.#prepare(filter);
    const { from: tables, where, order, params } = selectOf(filter);
    const sql = `SELECT ${recordColumns("r")} FROM ${tables} WHERE ${where} ORDER BY ${order} LIMIT @limit`;
    while (left > 0 && from < to) {
      const limit = Math.min(PAGE_ROWS, left);
      const rows = this.#statement(sql).all({ ...params, from, to, limit });
      if (rows.length > 0) yield rows;
      const last = rows.at(-1);
      if (last === undefined || rows.length < limit) return;
      left -= rows.length;
      if (filter.newestFirst) to = last[SEQ];
      else from = last[SEQ] + 1;
    }
  }

  /** How many records below `size` pass the filter. */
  count(filter: TrailFilter, size: number): number {
    const { from, to } = this.#bounds(filter, size);
    this.#prepare(filter);
    const { from: tables, where, params } = selectOf(filter);
    const sql = `SELECT count(*) FROM ${tables} WHERE ${where}`;
    let statement = this.#counts.get(sql);
    if (statement === undefined) {
      statement = this.#db.prepare<[Params], number>(sql).pluck();
      this.#counts.set(sql, statement);
    }
    return statement.get({ ...params, from, to }) ?? 0;
  }

  /** One receipt's records below `size`, in order: a call has few. */
  ofReceipt(receipt: string, size: number): readonly StoredRecord[] {
    return this.#ofReceipt.all(packKey(receipt), size).map((row) => this.stored(row));
  }

  /** The intents that are open, in order. */
  open(of: AssistantFilter | typeof NOBODY = NOBODY): readonly StoredRecord<"intent">[] {
    return this.#open.all(of).map((row) => this.stored<"intent">(row));
  }

  /** The outcomes whose email is watched, in order. */
  watched(of: AssistantFilter | typeof NOBODY = NOBODY): readonly StoredRecord<"outcome">[] {
    return this.#watched.all(of).map((row) => this.stored<"outcome">(row));
  }

  /** Those that are searched for a text are read within the statement. */
  #prepare({ recipient, email }: TrailFilter): void {
    if (recipient !== undefined || email !== undefined) this.#reader.names.load();
  }

  /** Where records of the filter's time can be. Clocks jump, so that time alone does not tell where to stop. */
  #bounds({ since, until, fromSeq = 0 }: TrailFilter, size: number): { from: number; to: number } {
    if (since === undefined && until === undefined) return { from: fromSeq, to: size };
    const { first, last } = this.#span.get(...timesOf({ since, until })) ?? { first: null, last: null };
    if (first === null || last === null) return { from: 0, to: 0 };
    return { from: Math.max(fromSeq, first), to: Math.min(size, last + 1) };
  }

  /**
   * A row with its record read, which is of this kind.
   *
   * @throws {Error} when it is not as it was written
   */
  stored<Kind extends RecordKind = RecordKind>(row: RecordRow): StoredRecord<Kind> {
    try {
      return this.#reader.storedOf<Kind>(row);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`record ${row[SEQ]} is not as it was written: ${why}; run countersign audit verify`, {
        cause,
      });
    }
  }

  #statement(sql: string): Database.Statement<[Params], RecordRow> {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#db.prepare<[Params], RecordRow>(sql).raw();
      this.#statements.set(sql, statement);
    }
    return statement;
  }
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
      .map((name) => `${column(name)} = ${name === "receipt" ? "@receipt" : idOf(name)}`),
    ...(["recipient", "rule"] as const)
      .filter((name) => wanted[name] !== undefined)
      .map((name) =>
        name === index
          ? `d.${DERIVED[name].column} = @${name}`
          : `EXISTS (SELECT 1 FROM ${DERIVED[name].table} e WHERE e.seq = r.seq AND e.${DERIVED[name].column} = @${name})`,
      ),
    ...(kinds === undefined
      ? []
      : ["+r.kind IN (SELECT n.id FROM names n JOIN json_each(@kinds) k ON n.name = k.value)"]),
    ...(mark === undefined ? [] : [`+r.kind = ${INTENT} AND ${has("mark", "domain")}`]),
    ...(email === undefined ? [] : [ABOUT_EMAIL]),
    ...(effect === undefined ? [] : [index === "denied" ? "r.effect = 'deny'" : `+r.effect = @effect`]),
    ...(filter.since === undefined && filter.until === undefined
      ? []
      : ["+r.at >= @since AND +r.at < @until"]),
  ];
  const [marked = "", about = ""] = email === undefined ? [] : emailMarks(email);
  const seq = derived ? "d.seq" : "r.seq";
  return {
    from: derived ? `${derived.table} d CROSS JOIN records r ON r.seq = d.seq` : "records r",
    where: [...conditions, `${seq} >= @from AND ${seq} < @to`].join(" AND "),
    order: `${seq} ${filter.newestFirst ? "DESC" : "ASC"}`,
    params: withoutUndefined({
      ...{ kind, team, assistant, recipient, rule, effect, since, until },
      receipt: receipt === undefined ? undefined : packKey(receipt),
      kinds: kinds === undefined ? undefined : JSON.stringify(kinds),
      ...(mark !== undefined && { mark, domain: codeOfMark(mark) }),
      ...(email !== undefined && { email, key: packKey(email), marked, about, id: codeOfMark(marked) }),
    }),
  };
}

/** The number of the name that a parameter is. */
function idOf(param: string): string {
  return `(SELECT n.id FROM names n WHERE n.name = @${param})`;
}

const INTENT = "(SELECT n.id FROM names n WHERE n.name = 'intent')";

/** Whether the JSON has a mark. It is read only where it may: where the bytes of what the mark names are kept. */
function has(mark: string, bytes: string, orIs = ""): string {
  return `(instr(r.json, @${bytes}) > 0 OR typeof(r.json) = 'text'${orIs}) AND instr(${recordJson("r")}, @${mark}) > 0`;
}

/** By what is found in the bytes of a record what `mark` names; none where it may be there in another form. */
function codeOfMark(mark: string): Uint8Array {
  const [, , , value, ...end] = mark.split('"');
  return value === undefined || end.length !== 1 ? new Uint8Array() : codeOf(value);
}

/** An id may be kept as one of the columns. */
const OR_IN_COLUMN = " OR r.taken = @email OR r.receipt = @key";
const ABOUT_EMAIL = `(+r.receipt IN (SELECT t.receipt FROM records t WHERE t.taken = @email)
  OR ${has("marked", "id", OR_IN_COLUMN)} OR ${has("about", "id", OR_IN_COLUMN)})`;

const DERIVED = {
  recipient: { table: "recipients", column: "base" },
  rule: { table: "rules", column: "rule" },
} as const;

/** The filter's time: without a bound, one that no record's time reaches. */
function timesOf({
  since = Number.MIN_SAFE_INTEGER,
  until = Number.MAX_SAFE_INTEGER,
}: {
  since?: number | undefined;
  until?: number | undefined;
}): [number, number] {
  if (Number.isNaN(since) || Number.isNaN(until)) throw new RangeError("Cannot find records of no time");
  return [Math.ceil(since), Math.ceil(until)];
}

function withoutUndefined(params: Record<string, Params[string] | undefined>): Params {
  return Object.fromEntries(
    Object.entries(params).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
