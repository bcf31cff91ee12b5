import type Database from "better-sqlite3";
import { Names } from "./names.ts";
import { packKey } from "./pack_key.ts";
import { INSERT_RECORD, type RecordValues, recordValues } from "./record_values.ts";

/** Is told how many records of how many are done. */
export type MigrationProgress = (done: number, total: number) => void;

/** How many rows are read at a time. */
const PAGE_ROWS = 2_000;

/** Tables that are made anew, from what lies in them. */
const TABLES = ["records", "claims", "reservations", "reservation_marks", "open_intents", "watched_emails"];

const INDEXES = [
  ...["at", "kind", "team", "assistant", "receipt", "denied", "emails", "taken", "outside"].map(
    (name) => `records_${name}`,
  ),
  ...["claims_receipt", "claims_expires_at", "reservations_receipt", "reservations_keep_until"],
];

const SCHEMA = `
  -- What many records have in common, once each: kinds, teams, assistants, hashes of policies.
  CREATE TABLE names (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;

  -- json: as it is, or bytes that give it together with the columns up to taken (\`packRecord\`). Keys, receipts and counters
  -- are text, or bytes where those are fewer (\`packKey\`). Times are epoch milliseconds. Columns from effect on say what
  -- the JSON says: a verification compares them.
  CREATE TABLE records (
    seq INTEGER PRIMARY KEY,
    at INTEGER,
    kind INTEGER,
    team INTEGER,
    assistant INTEGER,
    policy INTEGER,
    receipt ANY,
    taken TEXT, -- MultiMail's id of the email that it took
    effect TEXT,
    is_email INTEGER,
    outside INTEGER, -- a read that showed mail from outside
    json ANY NOT NULL,
    leaf BLOB NOT NULL
  ) STRICT;
  CREATE INDEX records_at ON records (at);
  CREATE INDEX records_kind ON records (kind);
  CREATE INDEX records_team ON records (team);
  CREATE INDEX records_assistant ON records (assistant);
  CREATE INDEX records_receipt ON records (receipt);
  CREATE INDEX records_denied ON records (seq) WHERE effect = 'deny';
  CREATE INDEX records_emails ON records (assistant, team) WHERE is_email = 1;
  CREATE INDEX records_taken ON records (taken) WHERE taken IS NOT NULL;
  CREATE INDEX records_outside ON records (team, at) WHERE outside = 1;

  CREATE TABLE open_intents (receipt ANY PRIMARY KEY, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE watched_emails (receipt ANY PRIMARY KEY, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID;

  -- What is taken for a while. With a number of its own a row is in four bytes of each index.
  CREATE TABLE claims (
    key ANY NOT NULL,
    fingerprint ANY NOT NULL,
    receipt ANY NOT NULL,
    expires_at INTEGER NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX claims_key ON claims (key);
  CREATE INDEX claims_receipt ON claims (receipt);
  CREATE INDEX claims_expires_at ON claims (expires_at);
  CREATE TABLE reservations (
    counter ANY NOT NULL,
    at INTEGER NOT NULL,
    receipt ANY NOT NULL,
    keep_until INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX reservations_counter ON reservations (counter, at);
  CREATE INDEX reservations_receipt ON reservations (receipt);
  CREATE INDEX reservations_keep_until ON reservations (keep_until);
  CREATE TABLE reservation_marks (
    counter ANY NOT NULL,
    at INTEGER NOT NULL,
    before INTEGER NOT NULL,
    PRIMARY KEY (counter, at)
  ) STRICT, WITHOUT ROWID;
`;

/**
 * The step that keeps records, claims and reservations in a third of their bytes. Nothing that a record says changes, and
 * whoever tampered with one before is found out after it as before.
 */
export function keepInFewBytes(db: Database.Database, progress: MigrationProgress): void {
  for (const table of TABLES) db.exec(`ALTER TABLE ${table} RENAME TO old_${table}`);
  for (const index of INDEXES) db.exec(`DROP INDEX ${index}`);
  db.exec(SCHEMA);
  copyRecords(db, progress);
  for (const table of ["open_intents", "watched_emails"]) copyRows(db, table, ["receipt", "seq"]);
  copyRows(db, "claims", ["key", "fingerprint", "receipt", "expires_at"]);
  copyRows(db, "reservations", ["counter", "at", "receipt", "keep_until"]);
  copyRows(db, "reservation_marks", ["counter", "at", "before"]);
  for (const table of TABLES) db.exec(`DROP TABLE old_${table}`);
}

function copyRecords(db: Database.Database, progress: MigrationProgress): void {
  const total = Number(db.prepare("SELECT count(*) FROM old_records").pluck().get());
  const select = db.prepare<[number, number], { seq: number; json: string; leaf: Uint8Array }>(
    "SELECT seq, json, leaf FROM old_records WHERE seq > ? ORDER BY seq LIMIT ?",
  );
  const insert = db.prepare<RecordValues>(INSERT_RECORD);
  const names = new Names(db);
  let done = 0;
  for (let last = Number.NEGATIVE_INFINITY; ; ) {
    const rows = select.all(last, PAGE_ROWS);
    for (const row of rows) insert.run(...recordValues(row, names));
    done += rows.length;
    if (rows.length > 0) progress(done, total);
    last = rows.at(-1)?.seq ?? last;
    if (rows.length < PAGE_ROWS) return;
  }
}

type Value = string | number;

/** Texts of these are names; there are no more rows than emails of a day. */
function copyRows(db: Database.Database, table: string, columns: readonly string[]): void {
  const list = columns.join(", ");
  const rows = db
    .prepare<[], Value[]>(`SELECT ${list} FROM old_${table}`)
    .raw()
    .all() as unknown as Value[][];
  const insert = db.prepare(`INSERT INTO ${table} (${list}) VALUES (${columns.map(() => "?").join(", ")})`);
  for (const row of rows)
    insert.run(...row.map((value) => (typeof value === "string" ? packKey(value) : value)));
}
