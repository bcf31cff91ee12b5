import assert from "node:assert/strict";
import { after, test } from "node:test";
import pg from "pg";
import { startPostgres } from "../testing/start_postgres.ts";
import type { Shell } from "../testing/tamper.ts";
import { appendTamperedTrail, TAMPERINGS, type Tampering } from "../testing/tamperings.ts";
import { verifyTrail } from "../verify/mod.ts";
import { openPostgresTrail } from "./open_postgres_trail.ts";

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
};

/** What belongs to PostgreSQL alone. */
const OTHERS: Readonly<Record<string, Tampering>> = {
  "says that a value is compressed": [
    "UPDATE sealed SET packed = true WHERE kind = 'body' AND seq = 597",
    [597, "changed"],
    1,
  ],
  // The last one: the column is not generated any more.
  "sets a derived column apart from its record": [
    async (db) => {
      assert.ok((await verifyTrail(reader)).ok, "all was put back");
      await db.run("ALTER TABLE records ALTER COLUMN team DROP EXPRESSION");
      await db.run("UPDATE records SET team = 'sales' WHERE seq = 300");
    },
    [300, "changed"],
    1,
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
};

test("verifyTrail() names what somebody does who", async (t) => {
  for (const [table, columns] of Object.entries(TABLES)) {
    await psql.run(`CREATE TABLE kept_${table} AS SELECT ${columns} FROM ${table}`);
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
    await psql.run(`INSERT INTO ${table} ${list} SELECT * FROM kept_${table}`);
  }
}

function query(sql: string, values: readonly unknown[]): Promise<pg.QueryResult> {
  let place = 0;
  return client.query(
    sql.replaceAll("?", () => `$${++place}`),
    [...values],
  );
}
