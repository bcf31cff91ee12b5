import type pg from "pg";
import { MAX_SEALED } from "../max_sealed.ts";
import { unpackValue } from "../pack_value.ts";
import type { ValuesFilter } from "../store.ts";
import type { SealedRow } from "../trail_source.ts";

/** What `unpackRow` takes. */
export const SEALED_COLUMNS = "seq, encode(commitment, 'hex') AS commitment, salt, kind, packed, value";

/** A sealed value as the database gives it. */
export interface PackedRow extends Omit<SealedRow, "value"> {
  readonly packed: boolean;
  readonly value: Uint8Array;
}

/** How many values are read at a time. */
const PAGE_ROWS = 100;

/** Beyond every row: PostgreSQL's largest bigint is not exact in JavaScript. */
const LAST_ID = Number.MAX_SAFE_INTEGER;

/** Pages of the sealed values that pass the filter, in order. */
export async function* sealedPages(
  pool: pg.Pool,
  { kinds, fromSeq = 0, toSeq }: ValuesFilter,
): AsyncGenerator<readonly SealedRow[]> {
  const to = toSeq === undefined ? LAST_ID : Math.min(toSeq * MAX_SEALED, LAST_ID);
  for (let from = fromSeq * MAX_SEALED; ; ) {
    const { rows } = await pool.query<PackedRow & { readonly id: number }>(
      `SELECT id, ${SEALED_COLUMNS} FROM sealed
       WHERE id >= $1 AND id < $2 AND ($3::text[] IS NULL OR kind = ANY ($3)) ORDER BY id LIMIT ${PAGE_ROWS}`,
      [from, to, kinds ?? null],
    );
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows.map(unpackRow);
    from = last.id + 1;
  }
}

/** A row with its value, which is null when it cannot be decoded. */
export function unpackRow({ seq, commitment, salt, kind, packed, value }: PackedRow): SealedRow {
  return { seq, commitment, salt, kind, value: unpackOrNull({ packed, value }) };
}

/**
 * The value of a row.
 *
 * @throws {Error} when it is no deflated text, and says that it is one
 */
export function unpackBytes({ packed, value }: Pick<PackedRow, "packed" | "value">): string {
  return packed ? unpackValue(value) : Buffer.from(value).toString("utf8");
}

function unpackOrNull(row: Pick<PackedRow, "packed" | "value">): string | null {
  try {
    return unpackBytes(row);
  } catch {
    return null;
  }
}
