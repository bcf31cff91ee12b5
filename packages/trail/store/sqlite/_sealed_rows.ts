import type Database from "better-sqlite3";
import { MAX_SEALED } from "../max_sealed.ts";
import { unpackValue } from "../pack_value.ts";
import type { ValuesFilter } from "../store.ts";
import type { SealedRow } from "../trail_source.ts";
import { storedText } from "./_stored_text.ts";

/** What `unpack` takes. Bytes come as hexadecimal: a buffer for each, made by the driver, costs three times as much. */
export const SEALED_COLUMNS = "id, seq, lower(hex(commitment)) AS commitment, hex(salt) AS salt, kind, value";

/** Finds a row of `sealed` by the bytes of its `@commitment`, as the index has it. */
export const HAS_COMMITMENT =
  "substr(commitment, 1, 8) = substr(@commitment, 1, 8) AND commitment = @commitment";

/** A sealed value as the database gives it. */
export interface PackedRow extends Omit<SealedRow, "salt" | "value"> {
  readonly id: number;
  readonly salt: string;
  readonly value: string | Uint8Array;
}

/** How many values are read at a time. */
const PAGE_ROWS = 100;

/** Reads sealed values from the database. */
export class SealedRows {
  readonly #select: Database.Statement<
    [from: number, to: number, kinds: string | null, kinds: string | null, limit: number],
    PackedRow
  >;
  readonly #bytes: Database.Statement<[id: number], Uint8Array>;

  constructor(db: Database.Database) {
    this.#select = db.prepare(
      `SELECT ${SEALED_COLUMNS} FROM sealed WHERE id >= ? AND id < ?
       AND (? IS NULL OR kind IN (SELECT value FROM json_each(?))) ORDER BY id LIMIT ?`,
    );
    this.#bytes = db
      .prepare<[number], Uint8Array>("SELECT CAST(value AS BLOB) FROM sealed WHERE id = ?")
      .pluck();
  }

  /** A row with its value, which is null when it cannot be decoded. */
  unpack({ id, seq, commitment, salt, kind, value }: PackedRow): SealedRow {
    return { seq, commitment, salt: Buffer.from(salt, "hex"), kind, value: this.#unpackOrNull(id, value) };
  }

  /**
   * The value of a row.
   *
   * @throws {Error} when it is bytes, and they are no deflated text
   */
  valueOf(id: number, value: string | Uint8Array): string {
    return storedText(unpackValue(value), () =>
      typeof value === "string" ? this.#bytes.get(id) : undefined,
    );
  }

  /** Pages of the values that pass the filter, in order. */
  *pages({ kinds, fromSeq = 0, toSeq }: ValuesFilter): Generator<readonly SealedRow[]> {
    const to = toSeq === undefined ? Number.MAX_SAFE_INTEGER : toSeq * MAX_SEALED;
    const list = kinds === undefined ? null : JSON.stringify(kinds);
    for (let from = fromSeq * MAX_SEALED; ; ) {
      const rows = this.#select.all(from, to, list, list, PAGE_ROWS);
      const last = rows.at(-1);
      if (last === undefined) return;
      yield rows.map((row) => this.unpack(row));
      from = last.id + 1;
    }
  }

  #unpackOrNull(id: number, value: string | Uint8Array): string | null {
    try {
      return this.valueOf(id, value);
    } catch {
      return null;
    }
  }
}
