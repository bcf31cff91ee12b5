import type Database from "better-sqlite3";
import type { TrailProblem } from "../trail_problem.ts";
import { MIGRATIONS, takeStep } from "./migrations.ts";
import { rawDatabase } from "./raw_database.ts";

interface SchemaRow {
  readonly type: string;
  readonly name: string;
  readonly table: string;
  readonly sql: string | null;
}

/** What `ANALYZE` makes: it decides how fast an answer is found, not which. */
const STATISTICS: ReadonlySet<string | null> = new Set([
  "CREATE TABLE sqlite_stat1(tbl,idx,stat)",
  "CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)",
]);

const SELECT = "SELECT type, name, tbl_name AS 'table', sql FROM sqlite_schema";

/**
 * How the schema differs from that of a trail that is made now: an index that leaves records out, a view in a table's
 * place, a trigger, another generated column. Whoever has the file and SQLite can change that and no record.
 */
export function schemaProblems(db: Database.Database): readonly TrailProblem[] {
  const wanted = freshSchema();
  const found = schemaOf(db);
  const problems: TrailProblem[] = [];
  for (const [key, row] of found) {
    const fresh = wanted.get(key);
    if (fresh === undefined) {
      if (!STATISTICS.has(row.sql)) problems.push(problem("added", row, "is none of a trail's"));
    } else if (fresh.sql !== row.sql || fresh.table !== row.table) {
      problems.push(problem("changed", row, "is not the one that a trail has"));
    }
  }
  for (const [key, row] of wanted) if (!found.has(key)) problems.push(problem("removed", row, "is missing"));
  return problems;
}

function problem(what: TrailProblem["what"], { type, name }: SchemaRow, how: string): TrailProblem {
  return { seq: null, what, message: `The schema was changed: ${type} "${name}" ${how}` };
}

let fresh: ReadonlyMap<string, SchemaRow> | undefined;

function freshSchema(): ReadonlyMap<string, SchemaRow> {
  if (fresh === undefined) {
    const db = rawDatabase(":memory:");
    for (const step of MIGRATIONS) takeStep(db, step);
    fresh = schemaOf(db);
  }
  return fresh;
}

function schemaOf(db: Database.Database): ReadonlyMap<string, SchemaRow> {
  const rows = db.prepare<[], SchemaRow>(SELECT).all();
  return new Map(rows.map((row) => [`${row.type} ${row.name}`, row]));
}
