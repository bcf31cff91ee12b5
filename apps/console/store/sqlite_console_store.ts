import Database from "better-sqlite3";
import {
  type Account,
  type ConsoleStore,
  IDLE_MS,
  type Kept,
  type OpenedEmail,
  type Preferences,
  SESSION_MS,
  type Session,
  type SignInAttempt,
  USUAL_PREFERENCES,
} from "./console_store.ts";

/** How long somebody waits for another process that writes, in milliseconds. */
const BUSY_MS = 5_000;

/** That a session is used is written this often at most, in milliseconds. */
const SEEN_MS = 60_000;

/** More sign-ins than these are not under way: of a flood, the oldest go. */
const MAX_ATTEMPTS = 10_000;

const SCHEMA = `
CREATE TABLE IF NOT EXISTS links (
  hash TEXT PRIMARY KEY, address TEXT NOT NULL, expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS attempts (
  hash TEXT PRIMARY KEY, state TEXT NOT NULL, nonce TEXT NOT NULL, verifier TEXT NOT NULL, return_to TEXT NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS attempts_by_age ON attempts (expires_at);
CREATE TABLE IF NOT EXISTS sessions (
  hash TEXT PRIMARY KEY, issuer TEXT NOT NULL, subject TEXT NOT NULL, address TEXT NOT NULL, groups TEXT NOT NULL,
  auth TEXT NOT NULL, created_at INTEGER NOT NULL, seen_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS opened (
  session TEXT NOT NULL, receipt TEXT NOT NULL, content TEXT NOT NULL, judgement TEXT NOT NULL,
  PRIMARY KEY (session, receipt)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS preferences (
  issuer TEXT NOT NULL, subject TEXT NOT NULL, has_keys INTEGER NOT NULL, PRIMARY KEY (issuer, subject)
) STRICT, WITHOUT ROWID;`;

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
  readonly expires_at: number;
}

/**
 * Opens the console's store in an SQLite file, which is made if there is none; several processes may have it open. The
 * folder must exist, and be closed to others.
 *
 * @throws {Error} of SQLite, when it cannot be opened
 */
export function openSqliteConsoleStore(path: string): ConsoleStore {
  const db = new Database(path, { timeout: BUSY_MS });
  db.pragma("journal_mode = WAL");
  db.pragma("synchronous = NORMAL");
  // What was deleted is gone.
  db.pragma("secure_delete = ON");
  db.exec(SCHEMA);
  return new SqliteConsoleStore(db);
}

class SqliteConsoleStore implements ConsoleStore {
  readonly #db: Database.Database;

  constructor(db: Database.Database) {
    this.#db = db;
  }

  async addLink({ hash, address, expiresAt }: Kept & { readonly address: string }): Promise<void> {
    this.#db.prepare("INSERT INTO links VALUES (?, ?, ?)").run(hash, address, expiresAt);
  }

  async takeLink(hash: string, now: number): Promise<string | undefined> {
    this.#db.prepare("DELETE FROM links WHERE expires_at <= ?").run(now);
    // One statement: of two who use a link at once, one deletes it.
    return this.#db
      .prepare<[string], string>("DELETE FROM links WHERE hash = ? RETURNING address")
      .pluck()
      .get(hash);
  }

  async addAttempt({ hash, expiresAt, ...attempt }: Kept & SignInAttempt): Promise<void> {
    const { state, nonce, verifier, returnTo } = attempt;
    this.#db
      .prepare("INSERT INTO attempts VALUES (?, ?, ?, ?, ?, ?)")
      .run(hash, state, nonce, verifier, returnTo, expiresAt);
    this.#db
      .prepare(
        "DELETE FROM attempts WHERE hash IN (SELECT hash FROM attempts ORDER BY expires_at DESC LIMIT -1 OFFSET ?)",
      )
      .run(MAX_ATTEMPTS);
  }

  async takeAttempt(hash: string, now: number): Promise<SignInAttempt | undefined> {
    this.#db.prepare("DELETE FROM attempts WHERE expires_at <= ?").run(now);
    const row = this.#db
      .prepare<[string], AttemptRow>("DELETE FROM attempts WHERE hash = ? RETURNING *")
      .get(hash);
    if (row === undefined) return undefined;
    const { state, nonce, verifier, return_to: returnTo } = row;
    return { state, nonce, verifier, returnTo };
  }

  async addSession(hash: string, session: Session): Promise<void> {
    const { issuer, subject, address, groups, auth, createdAt, seenAt } = session;
    this.#db
      .prepare("DELETE FROM sessions WHERE created_at <= ? OR seen_at <= ?")
      .run(createdAt - SESSION_MS, createdAt - IDLE_MS);
    this.#db.prepare("DELETE FROM opened WHERE session NOT IN (SELECT hash FROM sessions)").run();
    this.#db
      .prepare("INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
      .run(hash, issuer, subject, address, JSON.stringify(groups), auth, createdAt, seenAt);
  }

  async useSession(
    hash: string,
    now: number,
    { isUnseen = false }: { readonly isUnseen?: boolean } = {},
  ): Promise<Session | undefined> {
    const row = this.#db
      .prepare<[string, number, number], SessionRow>(
        "SELECT * FROM sessions WHERE hash = ? AND created_at > ? AND seen_at > ?",
      )
      .get(hash, now - SESSION_MS, now - IDLE_MS);
    if (row === undefined) return undefined;
    if (!isUnseen && now - row.seen_at >= SEEN_MS)
      this.#db.prepare("UPDATE sessions SET seen_at = ? WHERE hash = ?").run(now, hash);
    const { issuer, subject, address, groups, auth, created_at: createdAt, seen_at: seenAt } = row;
    return { issuer, subject, address, groups: JSON.parse(groups), auth, createdAt, seenAt };
  }

  async endSession(hash: string): Promise<void> {
    this.#db.prepare("DELETE FROM sessions WHERE hash = ?").run(hash);
    this.#db.prepare("DELETE FROM opened WHERE session = ?").run(hash);
  }

  async noteOpened(hash: string, { receipt, content, judgement }: OpenedEmail): Promise<void> {
    this.#db
      .prepare("INSERT OR REPLACE INTO opened VALUES (?, ?, ?, ?)")
      .run(hash, receipt, content, judgement);
  }

  async openedIn(hash: string, receipts: readonly string[]): Promise<ReadonlyMap<string, OpenedEmail>> {
    const find = this.#db.prepare<[string, string], OpenedEmail>(
      "SELECT receipt, content, judgement FROM opened WHERE session = ? AND receipt = ?",
    );
    return new Map(
      receipts.flatMap((receipt) => {
        const opened = find.get(hash, receipt);
        return opened === undefined ? [] : [[receipt, opened] as const];
      }),
    );
  }

  async preferencesOf({ issuer, subject }: Account): Promise<Preferences> {
    const hasKeys = this.#db
      .prepare<[string, string], number>("SELECT has_keys FROM preferences WHERE issuer = ? AND subject = ?")
      .pluck()
      .get(issuer, subject);
    return hasKeys === undefined ? USUAL_PREFERENCES : { hasKeys: hasKeys === 1 };
  }

  async setPreferences({ issuer, subject }: Account, { hasKeys }: Preferences): Promise<void> {
    this.#db
      .prepare("INSERT OR REPLACE INTO preferences VALUES (?, ?, ?)")
      .run(issuer, subject, hasKeys ? 1 : 0);
  }

  async close(): Promise<void> {
    this.#db.close();
  }
}
