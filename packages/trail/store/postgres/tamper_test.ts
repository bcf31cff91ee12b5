import assert from "node:assert/strict";
import { after, test } from "node:test";
import pg from "pg";
import { startPostgres } from "../../testing/start_postgres.ts";
import type { Shell } from "../../testing/tamper.ts";
import { appendTamperedTrail, TAMPERINGS, type Tampering } from "../../testing/tamperings.ts";
import { verifyTrail } from "../../verify/mod.ts";
import { ROOT_FUNCTION } from "./_append_function.ts";
import { openPostgresTrail } from "./open_trail.ts";

const server = await startPostgres();
const url = await server.createDatabase();
const client = new pg.Client({ connectionString: url, options: "-c search_path=countersign" });
await client.connect();
const store = await openPostgresTrail(url);
await appendTamperedTrail(store);
await store.close();
// It opens a trail of which the head is gone, too.
const reader = await openPostgresTrail(url, { readonly: true });
after(async () => {
  await reader.close();
  await client.end();
  await server.remove();
});

/** As `psql` does. */
const psql: Shell = {
  run: async (sql, ...values) => (await query(sql, values)).rowCount ?? 0,
  all: async <Row>(sql: string, ...values: readonly unknown[]) => (await query(sql, values)).rows as Row[],
  jsonOf: async (seq) => (await rowOf(seq))?.json ?? "",
  put: async (seq, json, leaf) => {
    await query(
      "INSERT INTO records (seq, json, leaf) VALUES (?, ?, ?) ON CONFLICT (seq) DO UPDATE SET json = EXCLUDED.json, leaf = EXCLUDED.leaf",
      [seq, json, leaf ?? (await rowOf(seq))?.leaf],
    );
  },
  swap: async (a, b, ...columns) => {
    const [first, second] = [await rowOf(a), await rowOf(b)];
    for (const column of columns) {
      const sql = `UPDATE records SET ${column} = ? WHERE seq = ?`;
      await query(sql, [second?.[column], a]);
      await query(sql, [first?.[column], b]);
    }
  },
};

async function rowOf(seq: number): Promise<{ readonly json: string; readonly leaf: Uint8Array } | undefined> {
  return (await query("SELECT json, leaf FROM records WHERE seq = ?", [seq])).rows[0];
}

/** What belongs to PostgreSQL alone. */
const OTHERS: Readonly<Record<string, Tampering>> = {
  "says that a value is compressed": [
    "UPDATE sealed SET packed = true WHERE kind = 'body' AND seq = 597",
    [597, "changed"],
    1,
  ],
  // The last one: the column is not derived any more.
  "sets a derived column apart from its record": [
    async (db) => {
      assert.ok((await verifyTrail(reader)).ok, "all was put back");
      await db.run("ALTER TABLE records DISABLE TRIGGER derive");
      await db.run("UPDATE records SET team = 'sales' WHERE seq = 300");
    },
    [300, "changed"],
    2,
  ],
};

const TABLES: Readonly<Record<string, string>> = {
  records: "seq, json, leaf",
  nodes: "*",
  head: "*",
  sealed: "id, commitment, salt, kind, packed, value",
  recipients: "*",
  rules: "*",
  open_intents: "*",
  watched_emails: "*",
  policy_texts: "*",
  claims: "*",
  reservations: "*",
  reservation_marks: "*",
};

/** What somebody does with `psql` who changes no record, how it is put back, and what is said of it. */
const SCHEMA: Readonly<Record<string, readonly [sql: string, back: string, problem: RegExp]>> = {
  "leaves a record out of an index": [
    "DROP INDEX records_team; CREATE INDEX records_team ON records (team, seq) WHERE seq <> 300",
    "DROP INDEX records_team; CREATE INDEX records_team ON records (team, seq)",
    /^The schema was changed: index "records_team" is not the one that a trail has$/,
  ],
  "makes an index invalid": [
    "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'records_team'::regclass",
    "UPDATE pg_index SET indisvalid = true WHERE indexrelid = 'records_team'::regclass",
    /index "records_team" is not the one/,
  ],
  "adds a trigger": [
    `CREATE FUNCTION public.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
     CREATE TRIGGER t BEFORE INSERT ON open_intents FOR EACH ROW EXECUTE FUNCTION public.f()`,
    "DROP TRIGGER t ON open_intents; DROP FUNCTION public.f()",
    /trigger "t" of "open_intents" is none of a trail's$/,
  ],
  "ends a trigger": [
    "ALTER TABLE records DISABLE TRIGGER derive",
    "ALTER TABLE records ENABLE TRIGGER derive",
    /trigger "derive" of "records" is not the one that a trail has$/,
  ],
  "adds a rule": [
    "CREATE RULE r AS ON DELETE TO open_intents DO INSTEAD NOTHING",
    "DROP RULE r ON open_intents",
    /rule "r" of "open_intents" is none of a trail's$/,
  ],
  "hides rows by a policy": [
    "ALTER TABLE records ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON records USING (seq <> 300)",
    "DROP POLICY p ON records; ALTER TABLE records DISABLE ROW LEVEL SECURITY",
    /policy "p" of "records" is none of a trail's$/,
  ],
  "puts a view in a table's place": [
    "ALTER TABLE rules RENAME TO o; CREATE VIEW rules AS SELECT * FROM o WHERE seq <> 598",
    "DROP VIEW rules; ALTER TABLE o RENAME TO rules",
    /view "rules" is none of a trail's$/,
  ],
  "adds rows by a child": [
    "CREATE TABLE public.c () INHERITS (countersign.open_intents)",
    "DROP TABLE public.c",
    /that belongs to "open_intents" is none of a trail's$/,
  ],
  "adds a function that is called instead": [
    "CREATE FUNCTION replace(text, text, unknown) RETURNS text LANGUAGE sql AS 'SELECT $1'".replace(
      "unknown",
      "varchar",
    ),
    "DROP FUNCTION replace(text, text, varchar)",
    /function "replace" is none of a trail's$/,
  ],
  "changes what appends": [
    `CREATE OR REPLACE FUNCTION tree_root(frontier bytea) RETURNS bytea LANGUAGE sql AS 'SELECT sha256(frontier)'`,
    ROOT_FUNCTION.replace("CREATE", "CREATE OR REPLACE"),
    /function "tree_root" is not the one that a trail has$/,
  ],
  "adds another that appends": [
    "CREATE FUNCTION tree_root(frontier text) RETURNS bytea LANGUAGE sql AS 'SELECT NULL::bytea'",
    "DROP FUNCTION tree_root(text)",
    /function "tree_root" is not the one that a trail has$/,
  ],
  "adds a constraint": [
    "ALTER TABLE records ADD CONSTRAINT k CHECK (seq < 601)",
    "ALTER TABLE records DROP CONSTRAINT k",
    /constraint "k" of "records" is none of a trail's$/,
  ],
  "makes a table that a crash empties": [
    "ALTER TABLE watched_emails SET UNLOGGED",
    "ALTER TABLE watched_emails SET LOGGED",
    /table "watched_emails" is not the one/,
  ],
  "gives a column a default": [
    "ALTER TABLE open_intents ALTER COLUMN seq SET DEFAULT 1",
    "ALTER TABLE open_intents ALTER COLUMN seq DROP DEFAULT",
    /column "seq" of "open_intents" is not the one/,
  ],
};

test("verifyTrail() names what somebody does to the schema, and openPostgresTrail() refuses it", async (t) => {
  const auditor = await openPostgresTrail(url, { readonly: true, unchecked: true });
  for (const [what, [sql, back, message]] of Object.entries(SCHEMA)) {
    await t.test(what, async (t) => {
      await client.query(sql);
      t.after(() => client.query(back));
      const result = await verifyTrail(auditor);
      for (const readonly of [false, true]) {
        await assert.rejects(
          openPostgresTrail(url, { readonly }),
          /the schema was changed: .*; keep a copy|must be LOGGED/,
        );
      }
      const messages = result.ok ? [] : result.problems.map(({ message }) => message);
      assert.ok(
        messages.some((text) => message.test(text)),
        messages.join("\n"),
      );
    });
  }
  assert.ok((await verifyTrail(auditor)).ok, "all was put back");
  await auditor.close();
});

test("openPostgresTrail() does not append beside rows to come", async () => {
  const cases: readonly (readonly [sql: string, back: string])[] = [
    ["INSERT INTO nodes VALUES (8, 2, '')", "DELETE FROM nodes WHERE idx = 2"],
    ["INSERT INTO rules VALUES (600, 'x')", "DELETE FROM rules WHERE seq = 600"],
    ["INSERT INTO sealed VALUES (39321600, '', '', 'text', false, '')", "DELETE FROM sealed WHERE seq = 600"],
  ];
  for (const [sql, back] of cases) {
    await client.query(sql);
    await assert.rejects(openPostgresTrail(url), /it has rows beyond its head, in \w+; run audit verify$/);
    await client.query(back);
  }
});

test("verifyTrail() names what somebody does who", async (t) => {
  for (const [table, columns] of Object.entries(TABLES)) {
    await psql.run(`CREATE TABLE public.kept_${table} AS SELECT ${columns} FROM ${table}`);
  }
  for (const [what, tampering] of Object.entries({ ...TAMPERINGS, ...OTHERS })) {
    await t.test(what, () => check(tampering));
  }
});

async function check([tamper, first, count]: Tampering): Promise<void> {
  if (typeof tamper === "string") assert.ok((await psql.run(tamper)) > 0);
  else await tamper(psql);
  const result = await verifyTrail(reader);
  assert.ok(!result.ok);
  await putBack();
  const { problems } = result;
  const [problem] = problems;
  assert.deepEqual(problem && [problem.seq, problem.what], first, JSON.stringify(problems, null, 1));
  if (count !== undefined) assert.equal(problems.length, count, JSON.stringify(problems, null, 1));
  assert.doesNotMatch(JSON.stringify(problems), /@/, "no address is repeated");
}

async function putBack(): Promise<void> {
  await psql.run(`TRUNCATE ${Object.keys(TABLES).join(", ")}`);
  for (const [table, columns] of Object.entries(TABLES)) {
    const list = columns === "*" ? "" : `(${columns})`;
    await psql.run(`INSERT INTO ${table} ${list} SELECT * FROM public.kept_${table}`);
  }
}

function query(sql: string, values: readonly unknown[]): Promise<pg.QueryResult> {
  let place = 0;
  return client.query(
    sql.replaceAll("?", () => `$${++place}`),
    [...values],
  );
}
