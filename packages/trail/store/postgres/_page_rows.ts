import { STORED_LEVELS } from "../../tree/mod.ts";
import { MAX_SEALED } from "../max_sealed.ts";
import type { StoredCheckpoint } from "../stored.ts";
import type { IndexRow, SealedRow, TrailPage, TrailRow } from "../trail_source.ts";
import { DERIVED } from "./_derive_function.ts";
import { saysColumns } from "./_says_columns.ts";
import { type PackedRow, SEALED_COLUMNS, unpackRow } from "./_sealed_rows.ts";
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
  /** Of the records whose columns may not be what they say: `integrityProblems` tells. */
  readonly unclear: readonly number[];
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
  /** One record a line: what is derived from it, between `BETWEEN`. */
  readonly derived: string;
  /** Nothing in the records gets in the way of taking them apart. */
  readonly regular: boolean;
  /** One a line: seq, commitment, salt, packed, bytes, kind. */
  readonly sealed: string | null;
  readonly values: string | null;
  /** The same of sealed values. */
  readonly sealed_regular: boolean;
}

/** Between the columns that are derived from a record, and in the place of one that is null; no text of a trail has them. */
const BETWEEN = "\u0002";
const ABSENT = "\u0001";

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
  const records =
    row.seqs === null ? [] : row.regular ? takeApart(row) : await readOneByOne(db, { from, to });
  return {
    ...(row.head !== null && { head: { size, root: fromHex(root), frontier: fromHex(frontier) } }),
    rows: records,
    unclear: unclearOf(records, row),
    nodes: (row.nodes ?? []).map(([level, index, hash]) => ({ level, index, hash: fromHex(hash) })),
    sealed:
      row.sealed === null
        ? []
        : row.sealed_regular
          ? sealedOf(row.sealed, row.values ?? "")
          : await readSealed(db, ids),
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

function unclearOf(records: readonly TrailRow[], { derived, regular }: PageRow): readonly number[] {
  const lines = regular ? derived.split("\n") : [];
  const isClear = ({ seq, json }: TrailRow, index: number) => {
    const values = lines.length === records.length ? (lines[index] ?? "").split(BETWEEN) : [];
    if (values.length !== DERIVED.length || json === null) return false;
    const columns = values.map((value) => (value === ABSENT ? null : value));
    const [at = null, kind = null, team = null, assistant = null, receipt = null, effect = null] = columns;
    const [isEmail, taken = null] = columns.slice(6);
    const told = { at, kind, team, assistant, receipt, effect, taken, isEmail: isEmail === "true" };
    return saysColumns(json, seq, told);
  };
  return records.flatMap((record, index) => (isClear(record, index) ? [] : [record.seq]));
}

/** What somebody changed so that it cannot be taken apart: records are added only, so that it is the same stretch. */
async function readOneByOne(db: Queries, { from, to }: Span): Promise<readonly TrailRow[]> {
  const sql = "SELECT seq, json, leaf FROM records WHERE seq >= $1 AND seq < $2 ORDER BY seq";
  return (await db.query<TrailRow>(sql, [from, to])).rows;
}

function sealedOf(lines: string, values: string): readonly SealedRow[] {
  const bytes = fromHex(values);
  let end = 0;
  return lines.split("\n").map((line) => {
    const [seq, commitment = "", salt = "", packed, length, kind = ""] = line.split(",");
    const value = bytes.subarray(end, end + Number(length));
    end += Number(length);
    return unpackRow({
      ...{ seq: Number(seq), commitment, salt: fromHex(salt), kind },
      ...{ packed: packed === "t", value },
    });
  });
}

async function readSealed(db: Queries, ids: readonly number[]): Promise<readonly SealedRow[]> {
  const sql = `SELECT ${SEALED_COLUMNS} FROM sealed WHERE id >= $1 AND id < $2 ORDER BY id`;
  return (await db.query<PackedRow>(sql, [...ids])).rows.map(unpackRow);
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
      string_agg(concat_ws(E'\\x02', ${DERIVED.map((name) => `coalesce(${name}::text, E'\\x01')`)}), E'\\n' ORDER BY seq) AS derived,
      bool_and(octet_length(leaf) = ${LEAF_BYTES} AND strpos(json, E'\\n') = 0 AND seq <= ${Number.MAX_SAFE_INTEGER}) AS regular
    FROM records WHERE seq >= $1 AND seq < $2
  ) AS r, (
    SELECT string_agg(concat_ws(',', seq, encode(commitment, 'hex'), encode(salt, 'hex'), packed, octet_length(value), kind),
        E'\\n' ORDER BY id) AS sealed,
      encode(string_agg(value, '' ORDER BY id), 'hex') AS values,
      bool_and(strpos(kind, ',') = 0 AND strpos(kind, E'\\n') = 0 AND abs(seq) <= ${Number.MAX_SAFE_INTEGER}) AS sealed_regular
    FROM sealed WHERE id >= $3 AND id < $4
  ) AS s`;
