import {
  type Account,
  type ConsoleStore,
  IDLE_MS,
  type Kept,
  type OpenedEmail,
  type Preferences,
  SESSION_MS,
  type Session,
  type ShellAsking,
  type SignInAttempt,
  type Told,
  USUAL_PREFERENCES,
} from "./console_store.ts";

/** That a session is used is written this often at most, in milliseconds. */
const SEEN_MS = 60_000;

/** More sign-ins than these are not under way: of a flood, the oldest go. */
const MAX_ATTEMPTS = 10_000;

/** A database that the store is kept in. Both kinds take the same statements, with `$1`, `$2`, …; each is atomic. */
export interface SqlDatabase {
  /** Runs one statement; the rows that it gives, if any. */
  run(sql: string, values: readonly (string | number)[]): Promise<readonly object[]>;
  close(): Promise<void>;
}

/** The tables, if they are not there. `integer` is the database's name for one of 64 bits, `options` follow each table. */
export function consoleSchema({
  integer,
  options,
}: {
  readonly integer: string;
  readonly options: string;
}): string {
  const tables = {
    links: `hash TEXT PRIMARY KEY, address TEXT NOT NULL, expires_at ${integer} NOT NULL`,
    attempts: `hash TEXT PRIMARY KEY, state TEXT NOT NULL, nonce TEXT NOT NULL, verifier TEXT NOT NULL,
      return_to TEXT NOT NULL, expires_at ${integer} NOT NULL`,
    sessions: `hash TEXT PRIMARY KEY, issuer TEXT NOT NULL, subject TEXT NOT NULL, address TEXT NOT NULL,
      groups TEXT NOT NULL, auth TEXT NOT NULL, created_at ${integer} NOT NULL, seen_at ${integer} NOT NULL`,
    opened: `session TEXT NOT NULL, receipt TEXT NOT NULL, content TEXT NOT NULL, judgement TEXT NOT NULL,
      PRIMARY KEY (session, receipt)`,
    preferences: `issuer TEXT NOT NULL, subject TEXT NOT NULL, has_keys ${integer} NOT NULL,
      PRIMARY KEY (issuer, subject)`,
    shells: `hash TEXT PRIMARY KEY, code TEXT NOT NULL, asker TEXT NOT NULL, asked_at ${integer} NOT NULL,
      session TEXT NOT NULL, expires_at ${integer} NOT NULL`,
    told: `hash TEXT PRIMARY KEY, session TEXT NOT NULL, text TEXT NOT NULL, expires_at ${integer} NOT NULL`,
  };
  return [
    ...Object.entries(tables).map(
      ([name, columns]) => `CREATE TABLE IF NOT EXISTS ${name} (${columns})${options};`,
    ),
    "CREATE INDEX IF NOT EXISTS attempts_by_age ON attempts (expires_at);",
  ].join("\n");
}

interface SessionRow {
  readonly issuer: string;
  readonly subject: string;
  readonly address: string;
  readonly groups: string;
  readonly auth: Session["auth"];
  readonly created_at: number;
  readonly seen_at: number;
}

interface AttemptRow extends Omit<SignInAttempt, "returnTo"> {
  readonly return_to: string;
}

/** The console's store in a database whose tables are there. */
export class SqlConsoleStore implements ConsoleStore {
  readonly #db: SqlDatabase;

  constructor(db: SqlDatabase) {
    this.#db = db;
  }

  async addLink({ hash, address, expiresAt }: Kept & { readonly address: string }): Promise<void> {
    await this.#run("INSERT INTO links (hash, address, expires_at) VALUES ($1, $2, $3)", [
      hash,
      address,
      expiresAt,
    ]);
  }

  async takeLink(hash: string, now: number): Promise<string | undefined> {
    await this.#run("DELETE FROM links WHERE expires_at <= $1", [now]);
    // One statement: of two who use a link at once, one deletes it.
    const [row] = await this.#run<{ readonly address: string }>(
      "DELETE FROM links WHERE hash = $1 RETURNING address",
      [hash],
    );
    return row?.address;
  }

  async addAttempt({ hash, expiresAt, ...attempt }: Kept & SignInAttempt): Promise<void> {
    const { state, nonce, verifier, returnTo } = attempt;
    await this.#run(
      "INSERT INTO attempts (hash, state, nonce, verifier, return_to, expires_at) VALUES ($1, $2, $3, $4, $5, $6)",
      [hash, state, nonce, verifier, returnTo, expiresAt],
    );
    await this.#dropOldest("attempts");
  }

  async takeAttempt(hash: string, now: number): Promise<SignInAttempt | undefined> {
    await this.#run("DELETE FROM attempts WHERE expires_at <= $1", [now]);
    const [row] = await this.#run<AttemptRow>("DELETE FROM attempts WHERE hash = $1 RETURNING *", [hash]);
    if (row === undefined) return undefined;
    const { state, nonce, verifier, return_to: returnTo } = row;
    return { state, nonce, verifier, returnTo };
  }

  async addSession(hash: string, session: Session): Promise<void> {
    const { issuer, subject, address, groups, auth, createdAt, seenAt } = session;
    await this.#run("DELETE FROM sessions WHERE created_at <= $1 OR seen_at <= $2", [
      createdAt - SESSION_MS,
      createdAt - IDLE_MS,
    ]);
    for (const table of ["opened", "told"])
      await this.#run(`DELETE FROM ${table} WHERE session NOT IN (SELECT hash FROM sessions)`);
    await this.#run(
      `INSERT INTO sessions (hash, issuer, subject, address, groups, auth, created_at, seen_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [hash, issuer, subject, address, JSON.stringify(groups), auth, createdAt, seenAt],
    );
  }

  async useSession(
    hash: string,
    now: number,
    { isUnseen = false }: { readonly isUnseen?: boolean } = {},
  ): Promise<Session | undefined> {
    const [row] = await this.#run<SessionRow>(
      "SELECT * FROM sessions WHERE hash = $1 AND created_at > $2 AND seen_at > $3",
      [hash, now - SESSION_MS, now - IDLE_MS],
    );
    if (row === undefined) return undefined;
    if (!isUnseen && now - row.seen_at >= SEEN_MS)
      await this.#run("UPDATE sessions SET seen_at = $1 WHERE hash = $2 AND seen_at < $1", [now, hash]);
    const { issuer, subject, address, groups, auth, created_at: createdAt, seen_at: seenAt } = row;
    return { issuer, subject, address, groups: JSON.parse(groups), auth, createdAt, seenAt };
  }

  async endSession(hash: string): Promise<void> {
    await this.#run("DELETE FROM sessions WHERE hash = $1", [hash]);
    for (const table of ["opened", "told"])
      await this.#run(`DELETE FROM ${table} WHERE session = $1`, [hash]);
  }

  async noteOpened(hash: string, { receipt, content, judgement }: OpenedEmail): Promise<void> {
    await this.#run(
      `INSERT INTO opened (session, receipt, content, judgement) VALUES ($1, $2, $3, $4)
       ON CONFLICT (session, receipt) DO UPDATE SET content = excluded.content, judgement = excluded.judgement`,
      [hash, receipt, content, judgement],
    );
  }

  async openedIn(hash: string, receipts: readonly string[]): Promise<ReadonlyMap<string, OpenedEmail>> {
    if (receipts.length === 0) return new Map();
    const rows = await this.#run<OpenedEmail>(
      `SELECT receipt, content, judgement FROM opened WHERE session = $1
       AND receipt IN (${receipts.map((_, index) => `$${index + 2}`).join(", ")})`,
      [hash, ...receipts],
    );
    return new Map(rows.map((row) => [row.receipt, row]));
  }

  async preferencesOf({ issuer, subject }: Account): Promise<Preferences> {
    const [row] = await this.#run<{ readonly has_keys: number }>(
      "SELECT has_keys FROM preferences WHERE issuer = $1 AND subject = $2",
      [issuer, subject],
    );
    return row === undefined ? USUAL_PREFERENCES : { hasKeys: row.has_keys === 1 };
  }

  async setPreferences({ issuer, subject }: Account, { hasKeys }: Preferences): Promise<void> {
    await this.#run(
      `INSERT INTO preferences (issuer, subject, has_keys) VALUES ($1, $2, $3)
       ON CONFLICT (issuer, subject) DO UPDATE SET has_keys = excluded.has_keys`,
      [issuer, subject, hasKeys ? 1 : 0],
    );
  }

  async addShell({
    hash,
    code,
    asker,
    askedAt,
    expiresAt,
  }: Kept & ShellAsking & { readonly code: string }): Promise<void> {
    await this.#run(
      "INSERT INTO shells (hash, code, asker, asked_at, session, expires_at) VALUES ($1, $2, $3, $4, '', $5)",
      [hash, code, asker, askedAt, expiresAt],
    );
    await this.#dropOldest("shells");
  }

  async shellOf(code: string, now: number): Promise<ShellAsking | undefined> {
    const [row, another] = await this.#run<{ readonly asker: string; readonly asked_at: number }>(
      "SELECT asker, asked_at FROM shells WHERE code = $1 AND session = '' AND expires_at > $2",
      [code, now],
    );
    // Of two that show the same nobody knows which is meant.
    return row === undefined || another !== undefined
      ? undefined
      : { asker: row.asker, askedAt: row.asked_at };
  }

  async confirmShell(code: string, session: Session, now: number): Promise<boolean> {
    const confirmed = await this.#run(
      "UPDATE shells SET session = $1 WHERE code = $2 AND session = '' AND expires_at > $3 RETURNING hash",
      [JSON.stringify(session), code, now],
    );
    return confirmed.length > 0;
  }

  async takeShell(hash: string, now: number): Promise<Session | "waits" | undefined> {
    await this.#run("DELETE FROM shells WHERE expires_at <= $1", [now]);
    const [taken] = await this.#run<{ readonly session: string }>(
      "DELETE FROM shells WHERE hash = $1 AND session <> '' RETURNING session",
      [hash],
    );
    if (taken !== undefined) return JSON.parse(taken.session);
    const [waiting] = await this.#run("SELECT hash FROM shells WHERE hash = $1", [hash]);
    return waiting === undefined ? undefined : "waits";
  }

  async addTold({ hash, session, text, expiresAt }: Kept & Told): Promise<void> {
    await this.#run("INSERT INTO told (hash, session, text, expires_at) VALUES ($1, $2, $3, $4)", [
      hash,
      session,
      text,
      expiresAt,
    ]);
  }

  async toldBy(hash: string, session: string, now: number): Promise<string | undefined> {
    await this.#run("DELETE FROM told WHERE expires_at <= $1", [now]);
    const [row] = await this.#run<{ readonly text: string }>(
      "SELECT text FROM told WHERE hash = $1 AND session = $2",
      [hash, session],
    );
    return row?.text;
  }

  close(): Promise<void> {
    return this.#db.close();
  }

  async #dropOldest(table: "attempts" | "shells"): Promise<void> {
    await this.#run(
      `DELETE FROM ${table} WHERE hash IN
       (SELECT hash FROM ${table} ORDER BY expires_at DESC LIMIT ${MAX_ATTEMPTS} OFFSET ${MAX_ATTEMPTS})`,
    );
  }

  async #run<T extends object>(
    sql: string,
    values: readonly (string | number)[] = [],
  ): Promise<readonly T[]> {
    return (await this.#db.run(sql, values)) as readonly T[];
  }
}
