import type Database from "better-sqlite3";
import { toIsoTime } from "../../record/to_iso_time.ts";
import { WRONG_MARKS } from "../reservation_marks.ts";
import { KEEP_RESERVED_MS, takenProblems } from "../taken_problems.ts";
import type { TrailProblem } from "../trail_problem.ts";

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

function takenOf(db: Database.Database): Parameters<typeof takenProblems>[0] {
  const records = db.prepare<[string], { seq: number; at: string; kind: string; result: string | null }>(
    "SELECT seq, at, kind, json ->> '$.data.result' AS result FROM records WHERE receipt = ? ORDER BY seq",
  );
  const last = db.prepare("SELECT max(at) FROM records").pluck().get() as string | null;
  const since = last === null ? "" : toIsoTime(Date.parse(last) - KEEP_RESERVED_MS);
  const recent = db
    .prepare<[string], { seq: number; receipt: string; at: string; counted: number }>(
      `SELECT seq, receipt, at, json ->> '$.data.counted' AS counted FROM records
       WHERE at > ? AND +kind = 'intent' AND receipt IS NOT NULL AND counted IS NOT NULL`,
    )
    .all(since);
  return {
    reservations: db
      .prepare<[], { receipt: string; at: number; count: number }>(
        "SELECT receipt, at, count(*) AS count FROM reservations GROUP BY receipt, at",
      )
      .all(),
    wrongMarks: db.prepare<[], number>(WRONG_MARKS).pluck().all(),
    claims: db.prepare<[], string>("SELECT DISTINCT receipt FROM claims").pluck().all(),
    recent: recent.map((row) => ({ ...row, at: Date.parse(row.at) })),
    recordsOf: (receipt) => records.all(receipt).map((row) => ({ ...row, at: Date.parse(row.at) })),
  };
}
