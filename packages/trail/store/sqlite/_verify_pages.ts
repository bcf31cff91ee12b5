import type Database from "better-sqlite3";
import { STORED_LEVELS } from "../../tree/mod.ts";
import { MAX_SEALED } from "../max_sealed.ts";
import { splitHashes } from "../split_hashes.ts";
import type { StoredCheckpoint } from "../stored.ts";
import type { IndexRow, TrailPage } from "../trail_source.ts";
import { ColumnCheck, FOUND_BY, type FoundRow } from "./_column_check.ts";
import { integrityProblems } from "./_integrity_problems.ts";
import { schemaProblems } from "./_schema_problems.ts";
import { type PackedRow, SEALED_COLUMNS, type SealedRows } from "./_sealed_rows.ts";
import { storedText } from "./_stored_text.ts";
import { takenBeside } from "./_taken_rows.ts";
import type { TreeRows } from "./_tree_rows.ts";
import { unpackKey } from "./pack_key.ts";
import { type RecordReader, recordColumns } from "./record_reader.ts";

type Span = [from: number, to: number];
type Listed = { readonly receipt: string | Uint8Array; readonly seq: number };

/** How many records are read at a time, and about how many bytes of sealed values. */
const PAGE_ROWS = 256;
const PAGE_BYTES = 16 * 1024 * 1024;

/** What a trail without a head says: nothing. */
const NO_HEAD = { size: 0, root: Buffer.of(), frontier: Buffer.of() };

/** What else reads the same database. */
export interface VerifyParts {
  readonly tree: TreeRows;
  readonly values: SealedRows;
  readonly reader: RecordReader;
}

/** Reads everything that a verification needs, in pages of one read transaction each. */
export class VerifyPages {
  readonly #db: Database.Database;
  readonly #tree: TreeRows;
  readonly #values: SealedRows;
  readonly #read: Database.Transaction<
    (from: number, check: ColumnCheck) => { page: TrailPage; next: number }
  >;
  readonly #reader: RecordReader;
  readonly #rows: Database.Statement<[number, number], FoundRow>;
  readonly #sealed: Database.Statement<Span, PackedRow>;
  readonly #sealedBytes: Database.Statement<Span, number>;
  readonly #recipients: Database.Statement<Span, IndexRow>;
  readonly #recipientBytes: Database.Statement<Span, { readonly seq: number; readonly bytes: Uint8Array }>;
  readonly #rules: Database.Statement<Span, IndexRow>;
  readonly #nodes: Database.Statement<[number, ...Span], { level: number; index: number; hash: Uint8Array }>;
  readonly #openIntents: Database.Statement<[], Listed>;
  readonly #watchedEmails: Database.Statement<[], Listed>;
  readonly #checkpoints: Database.Statement<Span, StoredCheckpoint>;
  readonly #policyTexts: Database.Statement<[], { hash: string; text: string }>;

  constructor(db: Database.Database, { tree, values, reader }: VerifyParts) {
    this.#db = db;
    this.#tree = tree;
    this.#values = values;
    this.#reader = reader;
    this.#read = db.transaction((from: number, check: ColumnCheck) => this.#page(from, check));
    this.#rows = db
      .prepare<[number, number], FoundRow>(
        `SELECT ${recordColumns("r")}, ${FOUND_BY} FROM records r WHERE r.seq >= ? ORDER BY r.seq LIMIT ?`,
      )
      .raw();
    const sealed = "FROM sealed WHERE id >= ? AND id < ?";
    this.#sealed = db.prepare(`SELECT ${SEALED_COLUMNS} ${sealed} ORDER BY id`);
    this.#sealedBytes = db.prepare<Span, number>(`SELECT total(octet_length(value)) ${sealed}`).pluck();
    this.#recipients = db.prepare("SELECT seq, base AS text FROM recipients WHERE seq >= ? AND seq < ?");
    this.#recipientBytes = db.prepare(
      "SELECT seq, CAST(base AS BLOB) AS bytes FROM recipients WHERE seq >= ? AND seq < ?",
    );
    this.#rules = db.prepare("SELECT seq, rule AS text FROM rules WHERE seq >= ? AND seq < ?");
    this.#nodes = db.prepare(
      'SELECT level, idx AS "index", hash FROM nodes WHERE level = ? AND idx >= ? AND idx < ?',
    );
    this.#openIntents = db.prepare("SELECT receipt, seq FROM open_intents");
    this.#watchedEmails = db.prepare("SELECT receipt, seq FROM watched_emails");
    this.#checkpoints = db.prepare(
      "SELECT seq, note FROM checkpoints WHERE seq >= ? AND seq < ? ORDER BY seq",
    );
    this.#policyTexts = db.prepare("SELECT hash, text FROM policy_texts");
  }

  #recipientsOf(from: number, to: number): readonly IndexRow[] {
    const rows = this.#recipients.all(from, to);
    if (!rows.some(({ text }) => text.includes("\ufffd"))) return rows;
    return this.#recipientBytes
      .all(from, to)
      .map(({ seq, bytes }) => ({ seq, text: storedText(Buffer.from(bytes).toString(), () => bytes) }));
  }

  *pages(): Generator<TrailPage> {
    let from = Number.NEGATIVE_INFINITY;
    // What was read before may have been changed since.
    this.#reader.names.forget();
    const check = new ColumnCheck(this.#db, this.#reader);
    while (true) {
      const { page, next } = this.#read(from, check);
      yield page;
      if (page.end !== undefined) return;
      from = next;
    }
  }

  /** The records from `from` on that fit, and all that belongs to them; from the last page on, all that is left. */
  #page(from: number, check: ColumnCheck): { page: TrailPage; next: number } {
    let rows = this.#rows.all(from, PAGE_ROWS);
    let to = rows.length < PAGE_ROWS ? Number.POSITIVE_INFINITY : endOf(rows);
    while (
      rows.length > 1 &&
      Number(this.#sealedBytes.get(from * MAX_SEALED, to * MAX_SEALED)) > PAGE_BYTES
    ) {
      rows = rows.slice(0, Math.ceil(rows.length / 2));
      to = endOf(rows);
    }
    const { size, root, frontier } = this.#tree.storedHead() ?? NO_HEAD;
    const checked = rows.map((row) => check.row(row));
    const wrong = checked.flatMap(({ problem }) => (problem === undefined ? [] : [problem]));
    const page = {
      head: { size, root },
      rows: checked.map(({ row }) => row),
      problems: wrong,
      nodes: STORED_LEVELS.slice(1).flatMap((level) =>
        this.#nodes.all(level, completedBy(level, from), completedBy(level, to)),
      ),
      sealed: this.#sealed.all(from * MAX_SEALED, to * MAX_SEALED).map((row) => this.#values.unpack(row)),
      recipients: this.#recipientsOf(from, to),
      rules: this.#rules.all(from, to),
      checkpoints: this.#checkpoints.all(from, to),
    };
    if (to < Number.POSITIVE_INFINITY) return { page, next: to };
    const end = {
      frontier: splitHashes(frontier),
      openIntents: this.#openIntents.all().map(listed),
      watchedEmails: this.#watchedEmails.all().map(listed),
      policyTexts: this.#policyTexts.all(),
    };
    const schema = schemaProblems(this.#db);
    this.#reader.names.load();
    // What lies in a changed schema may be anything.
    const isSound = schema.length === 0;
    const problems = isSound ? integrityProblems(this.#db) : schema;
    const otherwise = isSound ? [...check.end(), ...takenBeside(this.#db)] : [];
    return { page: { ...page, problems: [...wrong, ...problems], end: { ...end, otherwise } }, next: to };
  }
}

function listed({ receipt, seq }: Listed): { readonly receipt: string; readonly seq: number } {
  try {
    return { receipt: unpackKey(receipt), seq };
  } catch {
    return { receipt: "", seq };
  }
}

function endOf(rows: readonly FoundRow[]): number {
  return (rows.at(-1)?.[6] ?? 0) + 1;
}

/** How many subtrees of a level the records before `seq` complete. */
function completedBy(level: number, seq: number): number {
  return Math.floor(seq / 2 ** level);
}
