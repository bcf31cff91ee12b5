import { columnsOfJson, packRecord, type RecordColumns } from "./_record_form.ts";
import type { Names } from "./names.ts";
import { packKey } from "./pack_key.ts";

/** What `INSERT_RECORD` takes. */
export type RecordValues = [
  seq: number,
  at: number | null,
  kind: number | null,
  team: number | null,
  assistant: number | null,
  policy: number | null,
  receipt: string | Uint8Array | null,
  taken: string | null,
  effect: string | null,
  isEmail: 1 | null,
  outside: 1 | null,
  json: string | Uint8Array,
  leaf: Uint8Array,
];

/** SQL that inserts a record's row. */
export const INSERT_RECORD = `INSERT INTO records
  (seq, at, kind, team, assistant, policy, receipt, taken, effect, is_email, outside, json, leaf)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** A record in its place. */
export interface PlacedRecord {
  readonly seq: number;
  readonly json: string;
  readonly leaf: Uint8Array;
}

/** A record's row; its columns are read from its JSON where they are not given. Names that there are not yet are kept from now on. */
export function recordValues(
  { seq, json, leaf }: PlacedRecord,
  names: Names,
  columns: RecordColumns = columnsOfJson(json),
): RecordValues {
  const { at, receipt, taken, effect, isEmail, outside } = columns;
  const { around, ids } = names.idsOf(columns);
  return [
    seq,
    at,
    ids[0],
    ids[1],
    ids[2],
    ids[3],
    receipt === null ? null : packKey(receipt),
    taken,
    effect,
    isEmail ? 1 : null,
    outside ? 1 : null,
    packRecord(json, seq, { at, receipt, taken, around }),
    leaf,
  ];
}
