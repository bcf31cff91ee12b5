import type Database from "better-sqlite3";
import type { TrailRecord } from "../../record/record.ts";
import type { RecordKind } from "../../record/record_kind.ts";
import { toIsoTime } from "../../record/to_iso_time.ts";
import type { StoredRecord } from "../stored.ts";
import { type RecordFrame, type Unpacked, unpackRecord } from "./_record_form.ts";
import { Names } from "./names.ts";
import { unpackKey } from "./pack_key.ts";

/** All that a record's JSON is read from; `ids` as `Names` has them. */
export type KeptRecord = readonly [
  /** Epoch milliseconds. */
  at: number | null,
  ids: string,
  receipt: string | null,
  taken: string | null,
  json: string,
];

/**
 * A row of `records` as it is read: a list of few texts, since an object, or a buffer for each value, made by the driver,
 * costs more than taking them apart. The leaf is in hexadecimal.
 */
export type RecordRow = readonly [...KeptRecord, leaf: string, seq: number];

type AnyRow = readonly [...KeptRecord, ...unknown[]];

/** In front of what are bytes, in hexadecimal, and what is text. */
const BYTES = "b";
const TEXT = "t";

const plainOrHex = (column: string) =>
  `iif(typeof(${column}) = 'blob', '${BYTES}' || hex(${column}), '${TEXT}' || ${column})`;

/** SQL of a `KeptRecord`. */
function keptColumns(table: string): string {
  return [
    `${table}.at`,
    `concat(${table}.kind, ',', ${table}.team, ',', ${table}.assistant, ',', ${table}.policy)`,
    plainOrHex(`${table}.receipt`),
    `${table}.taken`,
    plainOrHex(`${table}.json`),
  ].join(", ");
}

/** SQL for the columns of a `RecordRow`, of the table or alias `table`. */
export function recordColumns(table: string): string {
  return `${keptColumns(table)}, hex(${table}.leaf), ${table}.seq`;
}

/** SQL for a record's JSON, where a `RecordReader` has loaded its names; empty when it cannot be read. */
export function recordJson(table: string): string {
  return `record_json(${keptColumns(table)})`;
}

/** Reads records as they are kept. */
export class RecordReader {
  readonly names: Names;

  /** One for each connection: SQL's `record_json` is its own. */
  constructor(db: Database.Database) {
    this.names = new Names(db);
    const read = (...kept: readonly unknown[]) => {
      try {
        return this.jsonOf(kept as unknown as KeptRecord);
      } catch {
        return "";
      }
    };
    db.function("record_json", { directOnly: true, varargs: true }, read);
  }

  /** @throws {Error} when it is not as it was written */
  jsonOf(row: AnyRow): string {
    return isPacked(row) ? this.#unpack(row).json : row[4].slice(1);
  }

  /** @throws {Error} when it is not as it was written */
  storedOf<Kind extends RecordKind>(row: RecordRow): StoredRecord<Kind> {
    const leaf = Buffer.from(row[5], "hex");
    if (!isPacked(row)) {
      const json = row[4].slice(1);
      return { record: JSON.parse(json) as TrailRecord<Kind>, json, leaf };
    }
    const { seq, data, json } = this.#unpack(row);
    const { kind, team, assistant, policy } = this.names.commonOf(row[1]).common;
    const at = toIsoTime(row[0] ?? Number.NaN);
    // Read by parts: most of it is text that others have, too.
    const record = {
      assistant,
      at,
      data: JSON.parse(data),
      kind,
      policy,
      receipt: receiptOf(row),
      seq,
      team,
    };
    return { record: record as TrailRecord<Kind>, json, leaf };
  }

  #unpack(row: AnyRow): Unpacked {
    const { around } = this.names.commonOf(row[1]);
    const own = { at: row[0], receipt: receiptOf(row), taken: row[3], around };
    return unpackRecord(Buffer.from(row[4].slice(BYTES.length), "hex"), own);
  }

  /** @throws {Error} when it is not as it was written */
  frameOf(row: AnyRow): RecordFrame {
    return {
      ...this.names.commonOf(row[1]).common,
      ...{ at: row[0], receipt: receiptOf(row), taken: row[3] },
    };
  }
}

/** Whether the JSON is read from all of the row. */
export function isPacked(row: AnyRow): boolean {
  return row[4].startsWith(BYTES);
}

function receiptOf(row: AnyRow): string | null {
  return row[2] === null ? null : keyOf(row[2]);
}

/** Of calls that follow each other, which have one receipt. */
let last: { readonly kept: string; readonly key: string } | undefined;

function keyOf(kept: string): string {
  if (kept.startsWith(TEXT)) return kept.slice(1);
  if (last?.kept !== kept) last = { kept, key: unpackKey(Buffer.from(kept.slice(1), "hex")) };
  return last.key;
}
