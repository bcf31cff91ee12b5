import type Database from "better-sqlite3";
import { WRONG_MARKS } from "../reservation_marks.ts";
import {
  type CountedIntent,
  type HoldingRecord,
  KEEP_RESERVED_MS,
  takenProblems,
} from "../taken_problems.ts";
import type { TrailProblem } from "../trail_problem.ts";
import { packKey, unpackKey } from "./pack_key.ts";
import { recordJson } from "./record_reader.ts";

/** What is wrong with reservations and claims. */
export function takenBeside(db: Database.Database): readonly TrailProblem[] {
  try {
    return takenProblems(takenOf(db));
  } catch (error) {
    if (!(error instanceof Error && error.message.includes("malformed JSON"))) throw error;
    // One of the records is no JSON, which is found out by itself.
    return [];
  }
}

type Key = string | Uint8Array;

function takenOf(db: Database.Database): Parameters<typeof takenProblems>[0] {
  const json = recordJson("r");
  const records = db.prepare<[Key], HoldingRecord>(
    `SELECT r.seq, r.at, n.name AS kind,
       CASE WHEN r.taken IS NOT NULL THEN 'accepted' WHEN n.name = 'outcome' THEN ${json} ->> '$.data.result' END AS result
     FROM records r JOIN names n ON n.id = r.kind WHERE r.receipt = ? ORDER BY r.seq`,
  );
  const last = db.prepare<[], number | null>("SELECT max(at) FROM records").pluck().get() ?? 0;
  const recent = db
    .prepare<[number], Omit<CountedIntent, "receipt"> & { readonly receipt: Key }>(
      `SELECT * FROM (
         SELECT r.seq, r.receipt, r.at, ${json} ->> '$.data.counted' AS counted FROM records r
         WHERE r.at > ? AND +r.kind = (SELECT id FROM names WHERE name = 'intent') AND r.receipt IS NOT NULL
       ) WHERE counted IS NOT NULL`,
    )
    .all(last - KEEP_RESERVED_MS);
  return {
    reservations: db
      .prepare<[], { receipt: Key; at: number; count: number }>(
        "SELECT receipt, at, count(*) AS count FROM reservations GROUP BY receipt, at",
      )
      .all()
      .map(named),
    wrongMarks: db.prepare<[], number>(WRONG_MARKS).pluck().all(),
    claims: db.prepare<[], Key>("SELECT DISTINCT receipt FROM claims").pluck().all().map(receiptOf),
    recent: recent.map(named),
    recordsOf: (receipt) => records.all(packKey(receipt)),
  };
}

function named<Row extends { readonly receipt: Key }>(row: Row): Row & { readonly receipt: string } {
  return { ...row, receipt: receiptOf(row.receipt) };
}

/** Bytes that are none of a receipt are nobody's. */
function receiptOf(kept: Key): string {
  try {
    return unpackKey(kept);
  } catch {
    return "";
  }
}
