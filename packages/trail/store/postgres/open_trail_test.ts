import assert from "node:assert/strict";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { inspect } from "node:util";
import pg from "pg";
import { erasure, intent, lifecycle, NOON, outcome } from "../../testing/entries.ts";
import { startPostgres } from "../../testing/start_postgres.ts";
import { startProxy } from "../../testing/start_proxy.ts";
import { verifyTrail } from "../../verify/mod.ts";
import type { TrailStore } from "../store.ts";
import { TrailUnavailableError } from "../trail_unavailable_error.ts";
import { OVER } from "./_append_function.ts";
import { MIGRATIONS } from "./_migrations.ts";
import { openPostgresTrail } from "./open_trail.ts";

const server = await startPostgres();
const url = await server.createDatabase();
after(() => server.remove());

/** As somebody would who has psql. */
const psql = (sql: string) => server.run(sql, url);

async function dropTrail(): Promise<void> {
  await psql("DROP SCHEMA IF EXISTS countersign CASCADE");
}

test("openPostgresTrail() makes the trail once when several programs start at once", async (t) => {
  t.after(dropTrail);
  const stores = await Promise.all(Array.from({ length: 6 }, () => openPostgresTrail(url)));
  const results = await Promise.all(stores.map((store, n) => store.append(intent(`r${n}`))));
  assert.deepEqual(results.map((result) => result.ok && result.seq).sort(), [0, 1, 2, 3, 4, 5]);
  assert.ok((await verifyTrail(await openPostgresTrail(url, { readonly: true }))).ok);
  for (const store of stores) await store.close();
});

test("openPostgresTrail() brings a trail of each earlier version up to date", async (t) => {
  for (let version = 0; version < MIGRATIONS.length; version++) {
    await t.test(`${version}`, async (t) => {
      t.after(dropTrail);
      await psql(madeBy(version));
      const store = await openPostgresTrail(url);
      assert.deepEqual(await store.append(intent("r0")), { ok: true, seq: 0 });
      assert.ok((await verifyTrail(store)).ok);
      await store.close();
    });
  }
});

test("openPostgresTrail() goes on from the records of a trail whose batches the gateway judged", async (t) => {
  t.after(dropTrail);
  const store = await openPostgresTrail(url);
  await Promise.all(Array.from({ length: 300 }, (_, n) => store.append(lifecycle(`r${n}`, "sent"))));
  await store.close();
  await psql(`ALTER SCHEMA countersign RENAME TO kept; ${madeBy(2)};
    INSERT INTO records (seq, json, leaf) SELECT seq, json, leaf FROM kept.records;
    INSERT INTO nodes SELECT * FROM kept.nodes; TRUNCATE head; INSERT INTO head SELECT * FROM kept.head;
    DROP SCHEMA kept CASCADE`);
  const next = await openPostgresTrail(url);
  assert.deepEqual(await next.append(intent("r300")), { ok: true, seq: 300 });
  assert.ok((await verifyTrail(next)).ok);
  await next.close();
});

test("openPostgresTrail() counts what was reserved in an earlier trail, without counting it again for each email", async (t) => {
  t.after(dropTrail);
  const week = 7 * 24 * 60 * 60_000;
  const limited = (n: number, max: number) =>
    intent(`r${n}`, { at: NOON + n * 1_000, reservations: [{ counter: "c", windowMs: week, max }] });
  const append = (store: TrailStore, from: number, to: number) =>
    store.tryAppendAll(Array.from({ length: to - from }, (_, n) => limited(from + n, 100_000)));
  const first = await openPostgresTrail(url);
  await append(first, 0, 250);
  await first.close();
  await psql(`CREATE ROLE auditor LOGIN PASSWORD 'reads';
    ALTER SCHEMA countersign RENAME TO kept; ${madeBy(3)};
    INSERT INTO records (seq, json, leaf) SELECT seq, json, leaf FROM kept.records;
    INSERT INTO sealed (id, commitment, salt, kind, packed, value) SELECT id, commitment, salt, kind, packed, value FROM kept.sealed;
    INSERT INTO recipients SELECT * FROM kept.recipients; INSERT INTO rules SELECT * FROM kept.rules;
    INSERT INTO reservations SELECT * FROM kept.reservations; INSERT INTO open_intents SELECT * FROM kept.open_intents;
    INSERT INTO nodes SELECT * FROM kept.nodes; TRUNCATE head; INSERT INTO head SELECT * FROM kept.head;
    DROP SCHEMA kept CASCADE;
    GRANT USAGE ON SCHEMA countersign TO auditor; GRANT SELECT ON ALL TABLES IN SCHEMA countersign TO auditor`);
  const store = await openPostgresTrail(url);
  const used = (now: number) => store.usage([{ counter: "c", windowMs: week }], now);
  assert.deepEqual(await used(NOON + week), [249]);
  assert.deepEqual(await used(NOON + week - 1), [250]);
  assert.equal((await store.tryAppend(limited(250, 250))).ok, false);
  assert.ok((await store.tryAppend(limited(250, 251))).ok);
  for (let from = 1_000; from < 3_000; from += 100) await append(store, from, from + 100);
  // Some before and between others.
  for (const from of [-500, 300, 700, 500]) await append(store, from, from + 100);
  assert.deepEqual(await used(NOON + 3_000_000), [2_651]);
  const auditor = await openPostgresTrail(url.replace("tester:secret_word", "auditor:reads"), {
    readonly: true,
  });
  assert.ok((await verifyTrail(auditor)).ok, "what is new can be read by whoever could read the rest");
  await auditor.close();
  await store.close();
  // What lies between two marks, and before the first and after the last, is all that is counted one by one.
  const [row] = await psql(
    `SELECT max(count)::int AS most FROM (SELECT count(*) FROM countersign.reservations r
     GROUP BY (SELECT max(m.at) FROM countersign.reservation_marks m WHERE m.at <= r.at)) AS stretches`,
  );
  const { most } = row as { readonly most: number };
  assert.ok(most < 64, `${most} are counted one by one`);
  await dropTrail();
  await psql("DROP ROLE auditor");
});

test("openPostgresTrail() refuses what is no trail, is newer, or is not there to be read", async (t) => {
  t.after(dropTrail);
  await assert.rejects(openPostgresTrail(url, { readonly: true }), /: there is none in this database yet/);
  await psql("CREATE SCHEMA countersign; CREATE TABLE countersign.users (id int)");
  await assert.rejects(openPostgresTrail(url), /: the schema "countersign" is not a trail's$/);
  await dropTrail();
  await (await openPostgresTrail(url)).close();
  await psql("UPDATE countersign.trail SET version = 99");
  for (const readonly of [false, true]) {
    await assert.rejects(
      openPostgresTrail(url, { readonly }),
      /: its version must be \d+, got 99: update this program$/,
    );
  }
});

test("openPostgresTrail() refuses a server that does not keep what it answers", async (t) => {
  t.after(dropTrail);
  await (await openPostgresTrail(url)).close();
  await server.run("ALTER SYSTEM SET fsync = off");
  await server.run("SELECT pg_reload_conf()");
  await assert.rejects(openPostgresTrail(url), /: fsync must be "on", got "off"$/);
  await (await openPostgresTrail(url, { readonly: true })).close();
  await server.run("ALTER SYSTEM RESET fsync");
  await server.run("SELECT pg_reload_conf()");
  await psql("ALTER TABLE countersign.sealed SET UNLOGGED");
  await assert.rejects(openPostgresTrail(url), /: table "sealed" must be LOGGED/);
  await server.run(
    "CREATE DATABASE ascii ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0",
  );
  await assert.rejects(openPostgresTrail(url.replace(/\w+$/, "ascii")), /server_encoding must be "UTF8"/);
});

test("openPostgresTrail() commits durably, whatever the database or the role is set to", async (t) => {
  t.after(dropTrail);
  const database = new URL(url).pathname.slice(1);
  await psql(
    `ALTER DATABASE ${database} SET synchronous_commit = off; ALTER ROLE tester SET search_path = public`,
  );
  const store = await openPostgresTrail(url);
  assert.ok((await store.append(intent("r1"))).ok);
  await store.close();
  await psql(`ALTER DATABASE ${database} RESET ALL; ALTER ROLE tester RESET ALL`);
});

test("openPostgresTrail() shows neither the URL nor its password, whatever is wrong", async (t) => {
  const change = (edit: (changed: URL) => void) => {
    const changed = new URL(url);
    edit(changed);
    return changed.href;
  };
  const cases: readonly (readonly [what: string, url: string, message: RegExp])[] = [
    ["no address", "postgres://tester:secret_word@[", /DATABASE_URL must be an address such as/],
    [
      "another database's address",
      "mysql://tester:secret_word@127.0.0.1/x",
      /DATABASE_URL must be an address/,
    ],
    ["nobody there", change((u) => (u.port = "9")), /ECONNREFUSED/],
    [
      "a wrong password",
      change((u) => (u.password = "secret_word2")),
      /password authentication failed for user/,
    ],
    ["no such database", change((u) => (u.pathname = "/nothing")), /database "nothing" does not exist/],
    [
      "an unknown mode",
      change((u) => u.searchParams.set("sslmode", "maybe")),
      /sslmode in DATABASE_URL must be one of/,
    ],
    [
      "TLS that is not spoken",
      change((u) => u.searchParams.set("sslmode", "require")),
      /does not support SSL/,
    ],
    [
      "a certificate that is not there",
      change((u) => (u.search = "?sslmode=verify-full&sslrootcert=/nowhere/ca.pem")),
      /Cannot read "\/nowhere\/ca.pem" \(sslrootcert in DATABASE_URL\): ENOENT/,
    ],
  ];
  for (const [what, wrong, message] of cases) {
    await t.test(what, async () => {
      await assert.rejects(openPostgresTrail(wrong), (error: Error) => {
        assert.ok(error instanceof TrailUnavailableError);
        assert.match(error.message, /^Cannot open the trail in PostgreSQL: /);
        assert.match(error.message, message);
        assert.doesNotMatch(inspect(error, { depth: 9, showHidden: true }), /secret_word|tester:/);
        return true;
      });
    });
  }
});

test("openPostgresTrail() lets a role read that may do nothing else", async (t) => {
  t.after(dropTrail);
  const store = await openPostgresTrail(url);
  await store.append(intent("r1"));
  await psql(
    `CREATE ROLE auditor LOGIN PASSWORD 'reads'; GRANT USAGE ON SCHEMA countersign TO auditor;
     GRANT SELECT ON ALL TABLES IN SCHEMA countersign TO auditor`,
  );
  const reader = await openPostgresTrail(url.replace("tester:secret_word", "auditor:reads"), {
    readonly: true,
  });
  assert.ok((await verifyTrail(reader)).ok);
  await assert.rejects(reader.append(intent("r2")), TrailUnavailableError);
  await assert.rejects(reader.scrub(), TrailUnavailableError);
  await reader.close();
  await store.close();
  await dropTrail();
  await psql("DROP ROLE auditor");
});

test("openPostgresTrail() does not append to a trail whose head is not that of its records", async (t) => {
  t.after(dropTrail);
  const store = await openPostgresTrail(url);
  await Promise.all(Array.from({ length: 300 }, (_, n) => store.append(lifecycle(`r${n}`, "sent"))));
  await store.close();
  const changes: readonly (readonly [sql: string, message: RegExp])[] = [
    ["DELETE FROM records WHERE seq = 299", /its head must be of size 299, got 300; run audit verify$/],
    ["UPDATE head SET root = decode(repeat('00', 32), 'hex')", /the frontier does not make the head's root/],
    ["UPDATE head SET frontier = substring(frontier FROM 1 FOR 127)", /Cannot make a frontier of size 300/],
    ["UPDATE head SET size = 299", /must be of size 300, got 299/],
    ["DELETE FROM head", /the head is missing/],
    [
      "UPDATE records SET json = replace(json, 'sent', 'lost') WHERE seq = 299",
      /record 299 does not hash to its leaf/,
    ],
    ["DELETE FROM records WHERE seq = 280", /a hash of level 0 from index 256 on is missing/],
    ["DELETE FROM nodes", /a hash of level 8 from index 0 on is missing/],
  ];
  for (const [sql, message] of changes) {
    await t.test(sql, async () => {
      await psql(`CREATE TABLE kept AS TABLE countersign.records; CREATE TABLE kept_head AS TABLE countersign.head;
        CREATE TABLE kept_nodes AS TABLE countersign.nodes; SET search_path = countersign; ${sql}`);
      await assert.rejects(openPostgresTrail(url), message);
      const reader = await openPostgresTrail(url, { readonly: true });
      assert.equal((await verifyTrail(reader)).ok, false, "an auditor can still look");
      await reader.close();
      await psql(`TRUNCATE countersign.records, countersign.head, countersign.nodes;
        INSERT INTO countersign.records SELECT seq, json, leaf FROM kept;
        INSERT INTO countersign.head SELECT * FROM kept_head; INSERT INTO countersign.nodes SELECT * FROM kept_nodes;
        DROP TABLE kept, kept_head, kept_nodes`);
    });
  }
  await (await openPostgresTrail(url)).close();
});

test("append() does not go on when the head was changed under it, or the trail went back", async (t) => {
  t.after(dropTrail);
  const store = await openPostgresTrail(url);
  await store.append(intent("r1"));
  await psql("CREATE TABLE kept AS TABLE countersign.head");
  await store.append(intent("r2"));
  await psql("DELETE FROM countersign.records WHERE seq = 1; DELETE FROM countersign.sealed WHERE seq = 1");
  await psql("DELETE FROM countersign.recipients WHERE seq = 1; DELETE FROM countersign.rules WHERE seq = 1");
  await psql("TRUNCATE countersign.head; INSERT INTO countersign.head TABLE kept");
  await assert.rejects(store.append(intent("r3")), /it had 2 records and has 1; run audit verify/);
  const next = await openPostgresTrail(url);
  await psql("UPDATE countersign.head SET root = decode(repeat('00', 32), 'hex')");
  await assert.rejects(next.append(intent("r3")), /the frontier does not make the head's root/);
  await psql("DROP TABLE kept");
  await next.close();
  await store.close();
});

test("append() finds out what became of a batch whose answer was lost", async (t) => {
  t.after(dropTrail);
  const proxy = await startProxy(url);
  const store = await openPostgresTrail(proxy.url);
  const loseOnce = (action: "lose" | "lose_answer") => {
    let left = 1;
    proxy.decide((text) => (isAppend(text) && left-- > 0 ? action : "pass"));
  };
  loseOnce("lose_answer");
  assert.deepEqual(await Promise.all([store.append(intent("r0")), store.append(intent("r1"))]), [
    { ok: true, seq: 0 },
    { ok: true, seq: 1 },
  ]);
  loseOnce("lose");
  await assert.rejects(
    store.append(intent("r2")),
    /^TrailUnavailableError: Cannot append to the trail: the database did not commit it$/,
  );
  assert.deepEqual(await store.append(intent("r3")), { ok: true, seq: 2 });
  // Another program has its record in the place by the time of the question.
  const other = await openPostgresTrail(url);
  let appended: Promise<unknown> | undefined;
  proxy.decide((text) => {
    if (!isAppend(text) || appended !== undefined) return "pass";
    appended = other.append(intent("r5"));
    return "lose";
  });
  await assert.rejects(store.append(intent("r4")), TrailUnavailableError);
  await appended;
  const records = await Promise.all(["r2", "r4", "r5"].map((receipt) => store.recordsOf(receipt)));
  assert.deepEqual(
    records.map(({ length }) => length),
    [0, 0, 1],
  );
  assert.ok((await verifyTrail(store)).ok);
  await other.close();
  await store.close();
  await proxy.close();
});

test("append() that was given up as lost is not there, though the server still had it before it", async (t) => {
  t.after(dropTrail);
  const proxy = await startProxy(url);
  const store = await openPostgresTrail(proxy.url);
  assert.deepEqual(await store.append(intent("r0")), { ok: true, seq: 0 });
  const holder = new pg.Client({ connectionString: url, options: "-c search_path=countersign" });
  await holder.connect();
  await holder.query("BEGIN; SELECT size FROM head FOR UPDATE");
  let left = 1;
  proxy.decide((text) => (isAppend(text) && left-- > 0 ? "leave" : "pass"));
  await assert.rejects(store.append(intent("r1")), /: the database did not commit it$/);
  const waiting = `SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'SELECT append(%'`;
  assert.equal((await psql(waiting)).length, 1, "the server has not come to it yet");
  await holder.query("COMMIT");
  assert.deepEqual(await store.append(intent("r2")), { ok: true, seq: 1 });
  await until(async () => (await psql(waiting)).length === 0);
  assert.equal((await store.recordsOf("r1")).length, 0);
  assert.ok((await verifyTrail(store)).ok);
  await holder.end();
  await store.close();
  await proxy.close();
});

test("append() ends when a server does not answer any more, nor says what became of it, and goes on when it does", async (t) => {
  t.after(dropTrail);
  const proxy = await startProxy(url);
  const store = await openPostgresTrail(proxy.url, { patienceMs: 1_000 });
  await store.append(intent("r0"));
  let silent = true;
  proxy.decide(() => (silent ? "silence" : "pass"));
  const lost = store.append(intent("r1"));
  const next = sleep(10).then(() => store.append(intent("r2")));
  await assert.rejects(
    lost,
    /^TrailUnavailableError: Cannot find out whether the trail has what was appended last$/,
  );
  await assert.rejects(next, /^TrailUnavailableError: Cannot append to the trail: /);
  silent = false;
  await until(async () => (await store.append(intent("r3"))).ok);
  const found = await Promise.all(["r1", "r2", "r3"].map((receipt) => store.recordsOf(receipt)));
  // The server had got the first.
  assert.deepEqual(
    found.map(({ length }) => length),
    [1, 0, 1],
  );
  assert.ok((await verifyTrail(store)).ok);
  await store.close();
  await proxy.close();
});

test("append() that is cut off in the middle loses nothing and doubles nothing, time and again", async (t) => {
  t.after(dropTrail);
  const stores = await Promise.all([openPostgresTrail(url), openPostgresTrail(url)]);
  const answered: string[] = [];
  let isOver = false;
  const writing = stores.flatMap((store, one) =>
    Array.from({ length: 4 }, async (_, two) => {
      for (let n = 0; !isOver; n++) {
        const receipt = `r${one}-${two}-${n}`;
        const claims = [{ key: receipt, fingerprint: receipt, expiresAt: NOON + 60_000 }];
        const result = await store.tryAppend(intent(receipt, { claims })).catch((error: unknown) => {
          assert.ok(error instanceof TrailUnavailableError, inspect(error));
        });
        if (result?.ok) answered.push(receipt);
      }
    }),
  );
  for (let round = 0; round < 20; round++) {
    const before = answered.length;
    await until(async () => answered.length > before + 20);
    await server.run(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'countersign'",
    );
    if (round % 10 !== 9) continue;
    await server.stop();
    await server.start();
  }
  isOver = true;
  await Promise.all(writing);
  const found: (string | null)[] = [];
  for await (const { record } of stores[0].records()) found.push(record.receipt);
  assert.equal(new Set(found).size, found.length, "nothing is there twice");
  assert.deepEqual(
    answered.filter((receipt) => !found.includes(receipt)),
    [],
    "what was answered is there",
  );
  assert.ok((await verifyTrail(stores[0])).ok);
  for (const store of stores) await store.close();
});

test("append() and everything else work again after sessions were ended, and after the server was", async (t) => {
  t.after(dropTrail);
  const store = await openPostgresTrail(url);
  await Promise.all([store.append(intent("r1")), store.head(), store.openIntents()]);
  await server.run(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'countersign'",
  );
  // One that was ended and not yet noticed may be asked first.
  await store.head().catch((error: unknown) => assert.ok(error instanceof TrailUnavailableError));
  await until(async () => (await store.append(intent("r2"))).ok);
  await server.stop();
  await assert.rejects(store.append(intent("r3")), TrailUnavailableError);
  await assert.rejects(store.head(), TrailUnavailableError);
  await server.start();
  assert.ok((await store.append(intent("r4"))).ok);
  assert.equal((await store.recordsOf("r3")).length, 0);
  assert.ok((await verifyTrail(store)).ok);
  await store.close();
});

test("append() of a session that stops in the middle keeps others waiting for seconds only, and is not there", async (t) => {
  t.after(dropTrail);
  const store = await openPostgresTrail(url);
  await store.append(intent("r0"));
  const options = "-c search_path=countersign -c idle_in_transaction_session_timeout=3000";
  const paused = new pg.Client({ connectionString: url, options });
  paused.on("error", () => {});
  await paused.connect();
  await paused.query("BEGIN; SELECT size FROM head FOR UPDATE");
  assert.deepEqual(await store.append(intent("r1")), { ok: true, seq: 1 });
  await assert.rejects(paused.query("UPDATE head SET size = 7"));
  assert.ok((await verifyTrail(store)).ok);
  await store.close();
});

test("scrub() takes an owner who may do all of it, and tells another what is left", async (t) => {
  await server.run("CREATE ROLE owner LOGIN PASSWORD 'owns'");
  await server.run("CREATE DATABASE owned OWNER owner ENCODING 'UTF8' TEMPLATE template0");
  const owned = url.replace(/tester:secret_word(.*)\/.*/, "owner:owns$1/owned");
  const store = await openPostgresTrail(owned);
  t.after(() => store.close());
  const entry = intent("r1", { body: "What Ann said. ".repeat(1_000) });
  await store.append(entry);
  const commitments = (entry.sealed ?? []).map(({ commitment }) => commitment);
  await store.append(erasure({ commitments }));
  await assert.rejects(
    store.scrub(),
    /the tables are free of it, and the write-ahead log is not.*grant the role/,
  );
  await server.run("GRANT pg_checkpoint TO owner");
  await server.run(
    "GRANT EXECUTE ON FUNCTION pg_switch_wal() TO owner",
    owned.replace("owner:owns", "tester:secret_word"),
  );
  await store.scrub();
  assert.equal((await store.unseal(commitments)).size, 0);
  assert.ok((await verifyTrail(store)).ok);
});

test("append() judges the entries of one batch as if they came one by one", async (t) => {
  t.after(dropTrail);
  const store = await openPostgresTrail(url);
  const claims = [{ key: "k", fingerprint: "f", expiresAt: NOON + 60_000 }];
  const reservations = [{ counter: "c", windowMs: 1_000, max: 2 }];
  await store.tryAppend(intent("r0", { claims, reservations }));
  const results = await Promise.all(
    [
      intent("r1", { claims }),
      intent("r2", { reservations }),
      intent("r3", { reservations }),
      // Gives both back.
      outcome("r0", "refused", { at: NOON }),
      intent("r4", { claims, reservations }),
      intent("r5", { reservations }),
      outcome("r4", "refused", { at: NOON }),
      intent("r6", { claims: [{ key: "k", fingerprint: "g", expiresAt: NOON + 1 }] }),
      // An open intent's claim does not expire; a settled one's does.
      intent("r7", { claims, at: NOON + 5 }),
      outcome("r6", "accepted", { at: NOON + 5 }),
      intent("r8", { claims, at: NOON + 5 }),
    ].map((entry) => store.tryAppend(entry)),
  );
  assert.deepEqual(
    results.map(({ ok }) => ok),
    [false, true, false, true, true, false, true, true, false, true, true],
  );
  assert.equal((await store.findClaim(claims, NOON + 6))?.receipt, "r8");
  assert.deepEqual(await store.usage([{ counter: "c", windowMs: 1_000 }], NOON), [1]);
  assert.ok((await verifyTrail(store)).ok);
  await store.close();
});

test("append() finds what is over by an index, however much is not", async (t) => {
  t.after(dropTrail);
  await (await openPostgresTrail(url)).close();
  await psql(`INSERT INTO countersign.claims SELECT 'k' || n, 'f', 'r' || n, n FROM generate_series(1, 20000) AS n;
    INSERT INTO countersign.reservations SELECT 'c', n, 'r' || n, n FROM generate_series(1, 20000) AS n; ANALYZE`);
  const client = new pg.Client({ connectionString: url, options: "-c search_path=countersign" });
  await client.connect();
  // As in a function that has run often.
  await client.query("SET plan_cache_mode = force_generic_plan");
  for (const [table, sql] of Object.entries(OVER)) {
    await client.query(`PREPARE over_${table} (bigint) AS ${sql.replace("over_before", "$1")}`);
    const { rows } = await client.query<{ "QUERY PLAN": string }>(`EXPLAIN EXECUTE over_${table} (0)`);
    const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
    assert.doesNotMatch(plan, new RegExp(`Seq Scan on ${table}`));
    assert.match(plan, /Index Scan using (claims_expires_at|reservations_keep_until)/);
  }
  await client.end();
});

/** What makes an empty trail of an earlier version. */
function madeBy(version: number): string {
  return `CREATE SCHEMA countersign; SET search_path = countersign;
    CREATE TABLE trail (id int PRIMARY KEY CHECK (id = 1), version int NOT NULL); INSERT INTO trail VALUES (1, ${version});
    ${MIGRATIONS.slice(0, version).join(";")}`;
}

/** Whether a packet asks for a batch to be written. */
function isAppend(text: string): boolean {
  return text.includes("append\0");
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await holds().catch(() => false)); tries++) {
    if (tries === 500) throw new Error("Waited in vain");
    await sleep(10);
  }
}
