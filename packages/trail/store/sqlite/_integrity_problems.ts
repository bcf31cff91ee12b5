import type Database from "better-sqlite3";
import type { TrailProblem } from "../trail_problem.ts";

/** More are of no use to anybody. */
const MAX_PROBLEMS = 20;

/** What SQLite's own check finds: an index without some of its rows, a page that is two things at once. It reads everything. */
export function integrityProblems(db: Database.Database): readonly TrailProblem[] {
  const said = db.pragma(`integrity_check(${MAX_PROBLEMS})`) as { readonly integrity_check: string }[];
  return said
    .map(({ integrity_check: text }) => text)
    .filter((text) => text !== "ok")
    .map((text) => problemOf(db, text));
}

function problemOf(db: Database.Database, text: string): TrailProblem {
  const seq = missingFromIndex(db, text);
  if (seq === undefined)
    return { seq: null, what: "changed", message: `SQLite's own check says: ${text.replaceAll("\n", " ")}` };
  const index = /\S+$/.exec(text)?.[0];
  return { seq, what: "removed", message: `The index ${index} leaves record ${seq} out` };
}

/** The record of a row that an index has not; undefined: something else is said. */
function missingFromIndex(db: Database.Database, text: string): number | undefined {
  const place = /^row (\d+) missing from index records_\w+$/.exec(text)?.[1];
  if (place === undefined) return undefined;
  const select = db.prepare<[number], number>(
    "SELECT seq FROM records NOT INDEXED ORDER BY seq LIMIT 1 OFFSET ?",
  );
  return select.pluck().get(Number(place) - 1);
}
