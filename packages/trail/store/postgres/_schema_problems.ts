import type { TrailProblem } from "../trail_problem.ts";
import { SCHEMA } from "./_schema.ts";
import type { Queries } from "./_tree_rows.ts";

/**
 * How the schema "countersign" differs from that of a trail that is made now, as the catalogs say: an index that leaves
 * records out, a view in a table's place, a trigger, a rule, a policy for rows, one that was ended, a
 * function. Whoever owns the schema can change that and no record.
 */
export async function schemaProblems(db: Queries): Promise<readonly TrailProblem[]> {
  const { rows } = await db.query<{ what: string; how: string }>(CATALOGS);
  const found = new Map(rows.map(({ what, how }) => [what, how]));
  const problems: TrailProblem[] = [];
  for (const [what, how] of found) {
    const wanted = SCHEMA[what];
    // Of a table that does not belong there, its columns are no news.
    const table = / of ("[^"]*")$/.exec(what)?.[1];
    if (wanted === undefined && table !== undefined && SCHEMA[`table ${table}`] === undefined) continue;
    if (wanted === undefined) problems.push(problem("added", what, "is none of a trail's"));
    else if (wanted !== how) problems.push(problem("changed", what, "is not the one that a trail has"));
  }
  for (const what of Object.keys(SCHEMA)) {
    if (!found.has(what)) problems.push(problem("removed", what, "is missing"));
  }
  return problems;
}

function problem(what: TrailProblem["what"], name: string, how: string): TrailProblem {
  return { seq: null, what, message: `The schema was changed: ${name} ${how}` };
}

/** One row for each thing in the schema. Of the supported releases, newer ones put a column named "json" in quotes. */
const CATALOGS = String.raw`
  SELECT what, replace(regexp_replace(how, '\s+', ' ', 'g'), '"json"', 'json') AS how FROM (
  WITH ours AS (SELECT * FROM pg_class WHERE relnamespace = to_regnamespace('countersign'))
  SELECT format('%s "%s"', CASE relkind WHEN 'r' THEN 'table' WHEN 'i' THEN 'index' WHEN 'v' THEN 'view' WHEN 'S' THEN 'sequence' ELSE 'relation' END, relname) AS what,
    concat_ws(' ', relkind, relpersistence,
      CASE WHEN relrowsecurity OR relforcerowsecurity THEN 'row security' END,
      CASE WHEN relispartition THEN 'partition' END,
      (SELECT concat_ws(' ', 'on', t.relname, a.amname,
          CASE WHEN i.indisprimary THEN 'primary' WHEN i.indisunique THEN 'unique' END,
          CASE WHEN NOT (i.indisvalid AND i.indisready AND i.indislive) THEN 'invalid' END,
          (SELECT string_agg(concat_ws(' ', pg_get_indexdef(c.oid, n, true), o.opcname, l.collname, (i.indoption::int2[])[n - 1]), ', ' ORDER BY n)
            FROM generate_series(1, i.indnatts) AS n
            LEFT JOIN pg_opclass o ON o.oid = (i.indclass::oid[])[n - 1]
            LEFT JOIN pg_collation l ON l.oid = (i.indcollation::oid[])[n - 1]),
          'where ' || pg_get_expr(i.indpred, i.indrelid))
        FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_am a ON a.oid = c.relam WHERE i.indexrelid = c.oid)) AS how
  FROM ours c WHERE relkind NOT IN ('t', 'c')
  UNION ALL
  SELECT format('column "%s" of "%s"', attname, relname),
    concat_ws(' ', attnum, format_type(atttypid, atttypmod), l.collname, CASE WHEN attnotnull THEN 'not null' END,
      CASE WHEN attidentity <> '' THEN 'identity' END,
      CASE attgenerated WHEN '' THEN 'default ' WHEN 's' THEN 'stored ' ELSE 'generated ' END || pg_get_expr(d.adbin, d.adrelid))
  FROM ours c JOIN pg_attribute a ON attrelid = c.oid AND attnum > 0 AND NOT attisdropped
  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = attnum LEFT JOIN pg_collation l ON l.oid = attcollation
  WHERE relkind = 'r'
  UNION ALL
  SELECT format('constraint "%s" of "%s"', conname, relname),
    concat_ws(' ', contype, pg_get_constraintdef(k.oid), CASE WHEN NOT convalidated THEN 'not valid' END)
  FROM ours c JOIN pg_constraint k ON conrelid = c.oid WHERE contype <> 'n'
  UNION ALL
  SELECT format('trigger "%s" of "%s"', tgname, relname), concat_ws(' ', tgenabled, tgtype, tgfoid::regproc, nullif(tgattr::text, ''), pg_get_expr(tgqual, tgrelid))
  FROM ours c JOIN pg_trigger ON tgrelid = c.oid WHERE NOT tgisinternal
  UNION ALL
  SELECT format('rule "%s" of "%s"', rulename, relname), 'rule'
  FROM ours c JOIN pg_rewrite ON ev_class = c.oid
  UNION ALL
  SELECT format('policy "%s" of "%s"', polname, relname), 'policy'
  FROM ours c JOIN pg_policy ON polrelid = c.oid
  UNION ALL
  SELECT format('table "%s" that belongs to "%s"', inhrelid::regclass, relname), 'child'
  FROM ours c JOIN pg_inherits ON inhparent = c.oid
  UNION ALL
  -- All of one name together.
  SELECT format('function "%s"', proname), string_agg(concat_ws(' ', prokind, lanname, provolatile, proparallel,
      CASE WHEN prosecdef THEN 'definer' END, proconfig, md5(concat_ws(' ', proargnames, oidvectortypes(proargtypes), prosrc))), ', ' ORDER BY p.oid)
  FROM pg_proc p JOIN pg_language l ON l.oid = prolang WHERE pronamespace = to_regnamespace('countersign') GROUP BY proname
  UNION ALL
  SELECT format('operator "%s"', oprname), 'operator' FROM pg_operator WHERE oprnamespace = to_regnamespace('countersign')
  UNION ALL
  SELECT format('collation "%s"', collname), 'collation' FROM pg_collation WHERE collnamespace = to_regnamespace('countersign')
  UNION ALL
  SELECT format('type "%s"', typname), 'type' FROM pg_type t
  WHERE typnamespace = to_regnamespace('countersign') AND typrelid = 0 AND typelem = 0
  ) AS things`;
