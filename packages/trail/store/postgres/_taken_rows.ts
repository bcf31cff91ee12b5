import { toIsoTime } from "../../record/to_iso_time.ts";
import { WRONG_MARKS } from "../reservation_marks.ts";
import {
  type CountedIntent,
  type HoldingRecord,
  KEEP_RESERVED_MS,
  type Taken,
  takenProblems,
} from "../taken_problems.ts";
import type { TrailProblem } from "../trail_problem.ts";
import type { Queries } from "./_tree_rows.ts";

/** What is wrong with reservations and claims, in one moment of a snapshot. */
export async function takenBeside(db: Queries): Promise<readonly TrailProblem[]> {
  return takenProblems(await takenOf(db));
}

async function takenOf(db: Queries): Promise<Taken> {
  const reservations = await db.query<Taken["reservations"][number]>(
    "SELECT receipt, at, count(*) AS count FROM reservations GROUP BY receipt, at",
  );
  const wrong = await db.query<{ excess: number }>(WRONG_MARKS);
  const claims = await db.query<{ receipt: string }>("SELECT DISTINCT receipt FROM claims");
  const last = await db.query<{ at: string | null }>("SELECT max(at) AS at FROM records");
  const at = last.rows[0]?.at ?? null;
  const recent = await db.query<Omit<CountedIntent, "at"> & { readonly at: string }>(
    // OFFSET keeps the planner from reading the JSON twice.
    `SELECT seq, receipt, at, counted::int AS counted FROM (
       SELECT seq, receipt, at, ${dataOf("counted")} AS counted FROM records
       WHERE at > $1 AND kind = 'intent' AND receipt IS NOT NULL OFFSET 0
     ) AS intents WHERE counted ~ '^\\d{1,9}$'`,
    [at === null ? "" : toIsoTime(Date.parse(at) - KEEP_RESERVED_MS)],
  );
  const holding = await db.query<
    Omit<HoldingRecord, "at"> & { readonly at: string; readonly receipt: string }
  >(
    `SELECT receipt, seq, at, kind, CASE WHEN kind = 'outcome' THEN ${dataOf("result")} END AS result FROM records
     WHERE receipt IN (SELECT receipt FROM reservations UNION SELECT receipt FROM claims UNION SELECT unnest($1::text[]))
     ORDER BY seq`,
    [recent.rows.map(({ receipt }) => receipt)],
  );
  const byReceipt = new Map<string, HoldingRecord[]>();
  for (const { receipt, ...row } of holding.rows) {
    const records = byReceipt.get(receipt) ?? [];
    records.push({ ...row, at: Date.parse(row.at) });
    byReceipt.set(receipt, records);
  }
  return {
    reservations: reservations.rows,
    wrongMarks: wrong.rows.map(({ excess }) => excess),
    claims: claims.rows.map(({ receipt }) => receipt),
    recent: recent.rows.map((row) => ({ ...row, at: Date.parse(row.at) })),
    recordsOf: (receipt) => byReceipt.get(receipt) ?? [],
  };
}

function dataOf(member: string): string {
  return String.raw`replace(json, '\u0000', '\ufffd')::json #>> '{data,${member}}'`;
}
