import { sealedBase } from "../../record/address_base.ts";
import type { ErasureData } from "../../record/erasure.ts";
import { MAX_SEALED } from "../max_sealed.ts";
import { columnText } from "./_column_text.ts";
import { unpackBytes } from "./_sealed_rows.ts";
import type { Queries } from "./_tree_rows.ts";

type ErasedRow = {
  readonly seq: number;
  readonly kind: string;
  readonly packed: boolean;
  readonly value: Uint8Array;
};

/**
 * Removes sealed values with their salts, and under what their records were found, within the transaction that appends
 * the erasure's record, which is `seq`.
 */
export async function erase(
  db: Queries,
  { commitments, below }: Pick<ErasureData, "commitments" | "below">,
  seq: number,
): Promise<void> {
  if (commitments.length > 0) await eraseEach(db, commitments);
  if (below === null || below.kinds.length === 0) return;
  const end = Math.min(below.seq, seq);
  await db.query("DELETE FROM sealed WHERE id < $1 AND kind = ANY ($2)", [end * MAX_SEALED, below.kinds]);
  if (below.kinds.includes("address")) await db.query("DELETE FROM recipients WHERE seq < $1", [end]);
}

async function eraseEach(db: Queries, commitments: ErasureData["commitments"]): Promise<void> {
  const { rows } = await db.query<ErasedRow>(
    "DELETE FROM sealed WHERE commitment = ANY ($1) RETURNING seq, kind, packed, value",
    [commitments.map((commitment) => Buffer.from(commitment, "hex"))],
  );
  const addresses = rows.filter(({ kind }) => kind === "address");
  if (addresses.length === 0) return;
  await db.query(
    `DELETE FROM recipients r USING unnest($1::bigint[], $2::text[]) AS gone (seq, base)
     WHERE r.seq = gone.seq AND r.base = gone.base`,
    [addresses.map(({ seq }) => seq), addresses.map((row) => columnText(sealedBase(unpackBytes(row))))],
  );
}
