import type Database from "better-sqlite3";
import { saysData } from "../says_data.ts";
import type { TrailProblem } from "../trail_problem.ts";
import type { TrailRow } from "../trail_source.ts";
import { columnsOfJson, type RecordColumns } from "./_record_form.ts";
import { isPacked, type RecordReader, type RecordRow } from "./record_reader.ts";

/** A row of `records` with all by which it is found. */
export type FoundRow = readonly [
  ...RecordRow,
  effect: string | null,
  isEmail: number | null,
  outside: number | null,
];

/** SQL for what a `FoundRow` has besides. */
export const FOUND_BY = "r.effect, r.is_email, r.outside";

/** Compares columns with what their records say, while the records are read in order. */
export class ColumnCheck {
  readonly #reader: RecordReader;
  readonly #names: Database.Statement<[], number>;
  /** Numbers of the names that the records so far have, as their rows have them. */
  readonly #used = new Set<string>();

  constructor(db: Database.Database, reader: RecordReader) {
    this.#reader = reader;
    this.#names = db.prepare<[], number>("SELECT id FROM names").pluck();
  }

  /** The row as it was written, as far as it can be read, and what is wrong with its columns. */
  row(row: FoundRow): { readonly row: TrailRow; readonly problem?: TrailProblem } {
    const [, ids, , , , hex, seq] = row;
    this.#used.add(ids);
    const leaf = Buffer.from(hex, "hex");
    let json: string;
    try {
      json = this.#reader.jsonOf(row);
    } catch {
      // No record at all, which is told as that.
      return { row: { seq, json: "", leaf } };
    }
    if (this.#isSaid(json, row)) return { row: { seq, json, leaf } };
    const message = `The columns by which record ${seq} is found are not what it says`;
    return { row: { seq, json, leaf }, problem: { seq, what: "changed", message } };
  }

  /** What is there beside the records that none of them has. */
  end(): readonly TrailProblem[] {
    const used = new Set([...this.#used].flatMap((ids) => ids.split(",")));
    const unused = this.#names.all().filter((id) => !used.has(String(id)));
    return unused
      .slice(0, 1)
      .map((id) => ({ seq: null, what: "added", message: `Name ${id} is kept, which no record has` }));
  }

  #isSaid(json: string, row: FoundRow): boolean {
    const [, ids, , taken, , , , effect, isEmail, outside] = row;
    if (!isFlag(isEmail) || !isFlag(outside)) return false;
    const flags = { effect, isEmail: isEmail === 1, outside: outside === 1 };
    const { kind } = this.#reader.names.commonOf(ids).common;
    // Bytes are read by what lies in the other columns: their record says that, if it is one.
    if (isPacked(row) && saysData(json, { kind, taken, ...flags })) return true;
    const columns: RecordColumns = { ...this.#reader.frameOf(row), ...flags };
    const said = columnsOfJson(json);
    return (Object.keys(columns) as (keyof RecordColumns)[]).every((name) => columns[name] === said[name]);
  }
}

function isFlag(value: number | null): boolean {
  return value === null || value === 1;
}
