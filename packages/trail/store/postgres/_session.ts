import type pg from "pg";

/**
 * What every session is set to from its start on: nothing that the server, the database or the role is set to overrides
 * it. Times are milliseconds, those of TCP but the last seconds.
 */
const SETTINGS: Readonly<Record<string, string | number>> = {
  // A statement sees what was committed before it, also after it waited for the head.
  default_transaction_isolation: "read committed",
  // A commit is on disk when it is answered; where standbys are synchronous, on theirs too.
  synchronous_commit: "on",
  // A gateway that is paused while it holds the head gives it up, and then its transaction is gone. It is waited for a
  // good while longer.
  idle_in_transaction_session_timeout: 3_000,
  lock_timeout: 10_000,
  statement_timeout: 30_000,
  // A gateway whose machine is gone gives the head up, too.
  tcp_keepalives_idle: 5,
  tcp_keepalives_interval: 2,
  tcp_keepalives_count: 3,
  tcp_user_timeout: 10_000,
  // Small statements gain nothing by it.
  jit: "off",
};

/** How a session is opened. */
export interface SessionOptions {
  readonly readonly: boolean;
  /** Where tables are looked for. @default countersign */
  readonly schema?: string;
}

/**
 * Sets a session, as the first thing that is done in it. Not by the connection's `options`: poolers refuse those, or drop
 * them in silence. Whatever an earlier client of a pooler left in it is gone.
 */
export async function setSession(
  client: Pick<pg.ClientBase, "query">,
  options: SessionOptions,
): Promise<void> {
  await client.query("DISCARD ALL");
  const settings = settingsOf(options);
  await client.query(
    settings
      .map(([name, value]) => `SET ${name} = ${String(value).includes(" ") ? `'${value}'` : value}`)
      .join("; "),
  );
}

/** The settings that a session must still have later, as PostgreSQL shows them in its own units. */
export function lastingSettings(
  options: SessionOptions,
): readonly (readonly [name: string, value: string])[] {
  // TCP's are those of the connection to a pooler, or of none.
  return settingsOf(options)
    .filter(([name]) => !name.startsWith("tcp_"))
    .map(([name, value]) => [name, String(value).replace(/,(?=\S)/g, ", ")]);
}

function settingsOf({
  readonly,
  schema = "countersign",
}: SessionOptions): readonly [name: string, value: string | number][] {
  const settings = { search_path: `${schema},pg_temp`, ...SETTINGS };
  return Object.entries(readonly ? { ...settings, default_transaction_read_only: "on" } : settings);
}
