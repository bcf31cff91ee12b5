import { STORED_LEVELS } from "../../tree/mod.ts";
import { MAX_SEALED } from "../max_sealed.ts";
import type { StoredCheckpoint } from "../stored.ts";
import type { IndexRow, SealedRow, TrailPage, TrailRow } from "../trail_source.ts";
import { unpackRow } from "./_sealed_rows.ts";
import type { HeadRow, Queries } from "./_tree_rows.ts";

// A page comes as one row of a few long texts instead of thousands of rows, each of which the driver would make an object
// of, and with one question instead of ten: either takes longer than the hashing.

/** A stretch of the trail: records [from, to). */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What there is of a stretch, read in one moment. */
export interface PageRows
  extends Required<Pick<TrailPage, "rows" | "nodes" | "sealed" | "recipients" | "rules" | "checkpoints">> {
  /** Undefined when there is none. */
  readonly head?: HeadRow;
}

type Place = [seq: number, text: string];

interface PageRow {
  readonly head: [size: number, root: string, frontier: string] | null;
  readonly nodes: readonly [level: number, index: number, hash: string][] | null;
  readonly recipients: readonly Place[] | null;
  readonly rules: readonly Place[] | null;
  readonly notes: readonly Place[] | null;
  readonly seqs: string | null;
  readonly jsons: string;
  readonly leaves: string;
  /** Nothing in the records gets in the way of taking them apart. */
  readonly regular: boolean;
  readonly sealed:
    | readonly [seq: number, commitment: string, salt: string, kind: string, packed: boolean, bytes: number][]
    | null;
  readonly values: string | null;
}

const LEAF_BYTES = 32;
const LEVELS: readonly number[] = STORED_LEVELS.slice(1);

/** Reads a stretch. */
export async function pageRows(db: Queries, { from, to }: Span): Promise<PageRows> {
  const ids = [from, to].map((seq) =>
    Math.max(Number.MIN_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, seq * MAX_SEALED)),
  );
  const completed = [from, to].map((seq) => LEVELS.map((level) => Math.floor(seq / 2 ** level)));
  const { rows } = await db.query<PageRow>(SELECT, [from, to, ...ids, LEVELS, ...completed]);
  const row = rows[0] as PageRow;
  const [size = 0, root = "", frontier = ""] = row.head ?? [];
  return {
    ...(row.head !== null && { head: { size, root: fromHex(root), frontier: fromHex(frontier) } }),
    rows: row.seqs === null ? [] : row.regular ? takeApart(row) : await readOneByOne(db, { from, to }),
    nodes: (row.nodes ?? []).map(([level, index, hash]) => ({ level, index, hash: fromHex(hash) })),
    sealed: sealedOf(row),
    recipients: (row.recipients ?? []).map(indexRow),
    rules: (row.rules ?? []).map(indexRow),
    checkpoints: (row.notes ?? []).map(([seq, note]): StoredCheckpoint => ({ seq, note })),
  };
}

function takeApart({ seqs, jsons, leaves }: PageRow): readonly TrailRow[] {
  const places = (seqs ?? "").split(",");
  const bytes = fromHex(leaves);
  return jsons.split("\n").map((json, index) => ({
    seq: Number(places[index]),
    json,
    leaf: bytes.subarray(index * LEAF_BYTES, (index + 1) * LEAF_BYTES),
  }));
}

/** What somebody changed so that it cannot be taken apart: records are added only, so that it is the same stretch. */
async function readOneByOne(db: Queries, { from, to }: Span): Promise<readonly TrailRow[]> {
  const sql = "SELECT seq, json, leaf FROM records WHERE seq >= $1 AND seq < $2 ORDER BY seq";
  return (await db.query<TrailRow>(sql, [from, to])).rows;
}

function sealedOf({ sealed, values }: PageRow): readonly SealedRow[] {
  const bytes = fromHex(values ?? "");
  let end = 0;
  return (sealed ?? []).map(([seq, commitment, salt, kind, packed, length]) => {
    const value = bytes.subarray(end, end + length);
    end += length;
    return unpackRow({ seq, commitment, salt: fromHex(salt), kind, packed, value });
  });
}

function indexRow([seq, text]: Place): IndexRow {
  return { seq, text };
}

function fromHex(text: string): Buffer {
  return Buffer.from(text, "hex");
}

const list = (table: string, column: string) =>
  `(SELECT json_agg(json_build_array(seq, ${column}) ORDER BY seq) FROM ${table} WHERE seq >= $1 AND seq < $2)`;

const SELECT = `
  SELECT
    (SELECT json_build_array(size, encode(root, 'hex'), encode(frontier, 'hex')) FROM head) AS head,
    (SELECT json_agg(json_build_array(n.level, n.idx, encode(n.hash, 'hex')))
      FROM unnest($5::int[], $6::bigint[], $7::bigint[]) AS span (level, first, last)
      JOIN nodes n ON n.level = span.level AND n.idx >= span.first AND n.idx < span.last) AS nodes,
    ${list("recipients", "base")} AS recipients, ${list("rules", "rule")} AS rules, ${list("checkpoints", "note")} AS notes,
    r.*, s.*
  FROM (
    SELECT string_agg(seq::text, ',' ORDER BY seq) AS seqs, string_agg(json, E'\\n' ORDER BY seq) AS jsons,
      encode(string_agg(leaf, '' ORDER BY seq), 'hex') AS leaves,
      bool_and(octet_length(leaf) = ${LEAF_BYTES} AND strpos(json, E'\\n') = 0 AND seq <= ${Number.MAX_SAFE_INTEGER}) AS regular
    FROM records WHERE seq >= $1 AND seq < $2
  ) AS r, (
    SELECT json_agg(json_build_array(
        seq, encode(commitment, 'hex'), encode(salt, 'hex'), kind, packed, octet_length(value)
      ) ORDER BY id) AS sealed, encode(string_agg(value, '' ORDER BY id), 'hex') AS values
    FROM sealed WHERE id >= $3 AND id < $4
  ) AS s`;
