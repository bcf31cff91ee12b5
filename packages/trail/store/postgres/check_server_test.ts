import assert from "node:assert/strict";
import { test } from "node:test";
import type pg from "pg";
import { checkServer } from "./_check_server.ts";
import { lastingSettings } from "./_session.ts";

const SERVER = {
  version: 180_000,
  version_text: "18.0",
  encoding: "UTF8",
  fsync: "on",
  read_only: "off",
  standby: false,
  unlogged: null,
};

/** A database as it looks through a pooler: what a session is set to is its own, or everybody's. */
function poolOf({
  isShared = false,
  lost = "",
  standby = false,
}: {
  readonly isShared?: boolean;
  readonly lost?: string;
  readonly standby?: boolean;
}): pg.Pool {
  const shared = new Map<string, string>();
  const answer = async (set: Map<string, string>, sql: string) => {
    const value = /^SET countersign\.session = '(.*)'$/.exec(sql)?.[1];
    if (value !== undefined) set.set("session", value);
    if (sql.includes("FROM pg_settings")) {
      const settings = lastingSettings({ readonly: false });
      return {
        rows: settings.map(([name, setting]) => ({ name, setting: name === lost ? "0" : setting })),
      };
    }
    return {
      rows: sql.includes("server_version_num")
        ? [{ ...SERVER, standby, read_only: standby ? "on" : "off" }]
        : [{ name: set.get("session") }],
    };
  };
  const pool = {
    query: (sql: string) => answer(shared, sql),
    connect: async () => {
      const set = isShared ? shared : new Map<string, string>();
      return { query: (sql: string) => answer(set, sql), release: () => undefined };
    },
  };
  return pool as unknown as pg.Pool;
}

test("checkServer() takes a pooler that lends out whole sessions", async () => {
  await checkServer(poolOf({}), { readonly: false });
});

test("checkServer() refuses a pooler that lends sessions out for a transaction at a time, and says what to do", async () => {
  for (const readonly of [false, true]) {
    await assert.rejects(
      checkServer(poolOf({ isShared: true }), { readonly }),
      /^Error: a pooler in between lends .*: set pool_mode = session for this database in PgBouncer/,
    );
  }
});

test("checkServer() tells whoever would append to a standby to name the primary", async () => {
  await assert.rejects(
    checkServer(poolOf({ standby: true }), { readonly: false }),
    /^Error: it is a standby, which takes no writes: name the primary in DATABASE_URL$/,
  );
});

test("checkServer() names a setting that got lost", async () => {
  for (const [name, value] of lastingSettings({ readonly: false })) {
    const lost = poolOf({ lost: name });
    await assert.rejects(
      checkServer(lost, { readonly: false }),
      new RegExp(`^Error: ${name} must be "${value}", got "0"$`),
    );
  }
});
