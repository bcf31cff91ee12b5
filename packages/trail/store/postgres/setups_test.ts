/** PostgreSQL as people have it: with TLS, behind PgBouncer, with an owner who does not serve, or set up wrong. */

import assert from "node:assert/strict";
import { rmSync, statSync } from "node:fs";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { inspect } from "node:util";
import pg from "pg";
import { createCertificates } from "../../testing/create_certificates.ts";
import { erasure, intent, outcome } from "../../testing/entries.ts";
import { hasPgBouncer, startPgBouncer } from "../../testing/start_pgbouncer.ts";
import { startPostgres } from "../../testing/start_postgres.ts";
import { verifyTrail } from "../../verify/mod.ts";
import { TrailUnavailableError } from "../trail_unavailable_error.ts";
import { SERVING_GRANTS } from "./_serving_grants.ts";
import { migratePostgresTrail } from "./migrate_trail.ts";
import { openPostgresTrail } from "./open_trail.ts";

const server = await startPostgres({ settings: ["max_connections=40"] });
const url = await server.createDatabase();
after(() => server.remove());

/** As a superuser would who has psql. */
const psql = (sql: string) => server.run(sql, url);

const as = (user: string, password: string) => url.replace("tester:secret_word", `${user}:${password}`);

async function setting(name: string): Promise<string> {
  const [row] = (await server.run(`SELECT current_setting('${name}') AS value`)) as [{ value: string }];
  return row.value;
}

/** Sets the server, also what only a new session gets to see. */
async function configure(settings: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, value] of Object.entries(settings))
    await server.run(`ALTER SYSTEM SET ${name} = '${value}'`);
  await server.run("SELECT pg_reload_conf()");
  for (const [name, value] of Object.entries(settings)) {
    for (let tries = 0; (await setting(name)) !== value; tries++) {
      assert.ok(tries < 500, `${name} must become ${value}`);
      await sleep(10);
    }
  }
}

/** The message with which a trail does not open. It shows no password, whatever is wrong. */
async function refusal(wrong: string): Promise<string> {
  const error = await openPostgresTrail(wrong).then(
    async (store) => {
      await store.close();
      return assert.fail("it opened");
    },
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof TrailUnavailableError, inspect(error));
  assert.doesNotMatch(inspect(error, { depth: 9, showHidden: true }), /secret_word|serves|owns/);
  return error.message;
}

test("sslmode=verify-full takes the server's own certificate, and no other, and says what to do", async (t) => {
  const owner = statSync(await setting("data_directory")).uid;
  const { folder, authority, stranger, valid, expired } = createCertificates(owner);
  t.after(() => rmSync(folder, { recursive: true }));
  const full = (root: string | undefined, change: (url: URL) => void = () => {}) => {
    const changed = new URL(url);
    changed.searchParams.set("sslmode", "verify-full");
    if (root !== undefined) changed.searchParams.set("sslrootcert", root);
    change(changed);
    return changed.href;
  };
  assert.match(
    await refusal(full(authority)),
    /does not support SSL connections; set ssl = on there, or leave sslmode/,
  );
  await configure({ ssl_cert_file: valid.certificate, ssl_key_file: valid.key, ssl: "on" });
  const store = await openPostgresTrail(full(authority));
  assert.ok((await store.append(intent("r1"))).ok);
  const encrypted = await psql(
    "SELECT 1 FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE ssl AND application_name = 'countersign'",
  );
  assert.ok(encrypted.length > 0, "it is encrypted");
  await store.close();
  const cases: readonly (readonly [what: string, url: string, message: RegExp])[] = [
    [
      "another name",
      full(authority, (u) => (u.hostname = "localhost")),
      /does not match certificate's altnames.*; name the host in DATABASE_URL as its certificate does$/,
    ],
    ["another authority", full(stranger), /; name the file of its authority as sslrootcert in DATABASE_URL$/],
    [
      "an authority of one's own, not named",
      full(undefined),
      /; name the file of its authority as sslrootcert/,
    ],
  ];
  for (const [what, wrong, message] of cases) {
    await t.test(what, async () => assert.match(await refusal(wrong), message));
  }
  await (
    await openPostgresTrail(
      full(authority).replace("verify-full", "verify-ca").replace("127.0.0.1", "localhost"),
    )
  ).close();
  await configure({ ssl_cert_file: expired.certificate, ssl_key_file: expired.key });
  assert.match(
    await refusal(full(authority)),
    /expired; renew the certificate of the server of DATABASE_URL$/,
  );
  await psql("DROP SCHEMA countersign CASCADE");
});

test("migratePostgresTrail() lets a role serve that can neither change nor remove a record", async (t) => {
  await psql(
    `CREATE ROLE owner LOGIN PASSWORD 'owns'; CREATE ROLE gateway LOGIN PASSWORD 'serves';
     GRANT CREATE ON DATABASE ${new URL(url).pathname.slice(1)} TO owner`,
  );
  t.after(async () => {
    await psql("DROP SCHEMA countersign CASCADE; DROP OWNED BY owner, gateway; DROP ROLE owner, gateway");
  });
  const [owner, gateway] = [as("owner", "owns"), as("gateway", "serves")];
  assert.match(
    await refusal(gateway),
    /permission denied for database .*; have the trail's owner run "countersign audit migrate/,
  );
  await assert.rejects(
    migratePostgresTrail(owner, { serveAs: "nobody" }),
    /there is no role "nobody": make it/,
  );
  assert.match(
    await refusal(gateway),
    /permission denied for schema countersign; have the trail's owner run/,
  );
  await assert.rejects(
    migratePostgresTrail(owner, { serveAs: "owner" }),
    /"owner" must not be the trail's owner/,
  );
  await assert.rejects(migratePostgresTrail(owner, { serveAs: "tester" }), /"tester" must be no superuser/);
  // What it had before is gone, and it can be done again.
  await psql("GRANT UPDATE, DELETE ON countersign.records TO gateway");
  const { from, to } = await migratePostgresTrail(owner, { serveAs: "gateway" });
  assert.equal(from, to);

  const store = await openPostgresTrail(gateway);
  const entry = intent("r1", { body: "What Ann said." });
  await store.append(entry);
  await store.append(outcome("r1", "accepted"));
  const commitments = (entry.sealed ?? []).map(({ commitment }) => commitment);
  await store.append(erasure({ commitments }));
  assert.equal((await store.unseal(commitments)).size, 0);
  assert.ok((await verifyTrail(store)).ok);

  const client = new pg.Client({ connectionString: gateway });
  await client.connect();
  const forbidden = [
    "UPDATE countersign.records SET json = json",
    "DELETE FROM countersign.records",
    "TRUNCATE countersign.records",
    "UPDATE countersign.nodes SET hash = hash",
    "UPDATE countersign.sealed SET value = value",
    "DELETE FROM countersign.checkpoints",
    "DELETE FROM countersign.policy_texts",
    "UPDATE countersign.trail SET version = 1",
    "DROP TABLE countersign.records",
    "ALTER TABLE countersign.records DISABLE TRIGGER ALL",
    "CREATE TABLE countersign.more (id int)",
    "CREATE OR REPLACE FUNCTION countersign.tree_root(frontier bytea) RETURNS bytea LANGUAGE sql AS $$ SELECT '' $$",
    "SET session_replication_role = replica",
  ];
  for (const sql of forbidden) {
    await assert.rejects(
      client.query(sql),
      (error: Error & { code?: string }) => error.code === "42501",
      sql,
    );
  }
  await client.end();
  const tables = await psql(
    "SELECT relname AS name FROM pg_class WHERE relnamespace = 'countersign'::regnamespace AND relkind = 'r'",
  );
  assert.deepEqual(
    Object.keys(SERVING_GRANTS).toSorted(),
    tables.map((row) => (row as { name: string }).name).toSorted(),
    "each table is granted",
  );

  // Without the right to, it does not say that it overwrote.
  await psql(
    "REVOKE ALL ON countersign.sealed FROM gateway; GRANT SELECT, INSERT, DELETE ON countersign.sealed TO gateway",
  );
  await assert.rejects(
    store.scrub(),
    /^TrailUnavailableError: Cannot overwrite what was erased: the role may not write table "sealed" anew; have the trail's owner run "countersign audit migrate --scrub"$/,
  );
  await store.close();
});

const HOW = "Install PgBouncer to run this test, such as by apt-get install pgbouncer";

/** Where there is none it is skipped by its name; with CI=true it fails, since nobody would notice. */
test("A trail works behind PgBouncer with whole sessions, and refuses to start with less, with what to change", {
  skip: !hasPgBouncer() && process.env.CI !== "true" && HOW,
}, async () => {
  assert.ok(hasPgBouncer(), HOW);
  const bouncer = await startPgBouncer(url);
  const open = () => openPostgresTrail(bouncer.url("session"));
  const stores = [await open(), await open()] as const;
  const results = await Promise.all(
    stores.flatMap((store, one) => [0, 1, 2].map((n) => store.append(intent(`r${one}-${n}`)))),
  );
  assert.deepEqual(results.map((result) => result.ok && result.seq).toSorted(), [0, 1, 2, 3, 4, 5]);
  await server.run(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'countersign'",
  );
  let isBack = false;
  for (let tries = 0; !isBack && tries < 500; tries++)
    isBack = await stores[0].append(intent("after")).then(
      ({ ok }) => ok,
      () => sleep(10, false),
    );
  assert.ok(isBack, "it goes on when sessions were ended behind PgBouncer");
  assert.ok((await verifyTrail(stores[1])).ok);
  for (const store of stores) await store.close();
  assert.match(
    await refusal(bouncer.url("transaction")),
    /a pooler in between lends sessions out for a transaction at a time: set pool_mode = session for this database in PgBouncer, or connect to PostgreSQL itself$/,
  );
  assert.match(
    await refusal(bouncer.url("statement")),
    /set pool_mode = session for this database in PgBouncer/,
  );
  await bouncer.close();
  await psql("DROP SCHEMA countersign CASCADE");
});

test("openPostgresTrail() says what to do about a server that does not let it", async (t) => {
  const change = (edit: (changed: URL) => void) => {
    const changed = new URL(url);
    edit(changed);
    return changed.href;
  };
  const cases: readonly (readonly [what: string, url: string, message: RegExp])[] = [
    [
      "nobody there",
      change((u) => (u.port = "9")),
      /ECONNREFUSED 127.0.0.1:9; start PostgreSQL there, or correct host and port in DATABASE_URL$/,
    ],
    ["no such host", change((u) => (u.hostname = "db.invalid")), /; correct the host in DATABASE_URL/],
    [
      "a wrong password",
      change((u) => (u.password = "secret_word2")),
      /; correct the user or the password in DATABASE_URL$/,
    ],
    [
      "no such database",
      change((u) => (u.pathname = "/nothing")),
      /database "nothing" does not exist; make that database, or correct the name in DATABASE_URL$/,
    ],
  ];
  for (const [what, wrong, message] of cases) {
    await t.test(what, async () => assert.match(await refusal(wrong), message));
  }
  await t.test("too many connections", async () => {
    const clients = Array.from({ length: 60 }, () => new pg.Client({ connectionString: url }));
    for (const client of clients) client.on("error", () => {});
    await Promise.allSettled(clients.map((client) => client.connect()));
    assert.match(
      await refusal(url),
      /too many clients already; raise max_connections at the server of DATABASE_URL, or put PgBouncer/,
    );
    await Promise.allSettled(clients.map((client) => client.end()));
  });
});
