import type { TrailProblem } from "../trail_problem.ts";
import type { Queries } from "./_tree_rows.ts";

/**
 * Those of these records whose columns are not what their JSON says: a trigger sets them from it, and whoever owns the table
 * can end that. The database reads their JSON.
 */
export async function integrityProblems(
  db: Queries,
  seqs: readonly number[],
): Promise<readonly TrailProblem[]> {
  if (seqs.length === 0) return [];
  try {
    const { rows } = await db.query<{ seq: number }>(SELECT, [seqs]);
    return rows.map(({ seq }) => ({
      seq,
      what: "changed",
      message: `The columns by which record ${seq} is found are not what it says`,
    }));
  } catch (error) {
    if (!isWrongData(error)) throw error;
    // One of them is no JSON, which is found out by itself.
    return [];
  }
}

/** Whether a statement failed because a text in the database is no JSON. */
export function isWrongData(error: unknown): boolean {
  return error instanceof Error && "code" in error && String(error.code).startsWith("22");
}

// OFFSET keeps the planner from reading the JSON once for each column.
const SELECT = String.raw`
  SELECT seq FROM records, LATERAL (SELECT replace(json, '\u0000', '\ufffd')::jsonb AS j OFFSET 0) AS said
  WHERE seq = ANY ($1::bigint[]) AND (at, kind, team, assistant, receipt, effect, is_email, taken) IS DISTINCT FROM (
    j ->> 'at', j ->> 'kind', j ->> 'team', j ->> 'assistant', j ->> 'receipt', j #>> '{data,effect}',
    j #>> '{data,idempotency_key}' IS NOT NULL,
    CASE WHEN j ->> 'kind' = 'outcome' AND j #>> '{data,result}' = 'accepted' THEN j #>> '{data,email}' END
  ) ORDER BY seq LIMIT 100`;
