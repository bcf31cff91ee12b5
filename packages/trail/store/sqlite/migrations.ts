import type Database from "better-sqlite3";
import { newMarks } from "../reservation_marks.ts";
import { keepInFewBytes, type MigrationProgress } from "./_keep_in_few_bytes.ts";

/** One step: SQL, or what works on the database within the transaction. */
export type Migration = string | ((db: Database.Database, progress: MigrationProgress) => void);

/**
 * Steps from each version of the database (`PRAGMA user_version`) to the next, forward only. A step that was released is
 * never edited.
 */
export const MIGRATIONS: readonly Migration[] = [
  `
  CREATE TABLE records (
    seq INTEGER PRIMARY KEY,
    json TEXT NOT NULL,
    leaf BLOB NOT NULL,
    at TEXT GENERATED ALWAYS AS (json ->> '$.at') VIRTUAL,
    kind TEXT GENERATED ALWAYS AS (json ->> '$.kind') VIRTUAL,
    team TEXT GENERATED ALWAYS AS (json ->> '$.team') VIRTUAL,
    assistant TEXT GENERATED ALWAYS AS (json ->> '$.assistant') VIRTUAL,
    receipt TEXT GENERATED ALWAYS AS (json ->> '$.receipt') VIRTUAL,
    effect TEXT GENERATED ALWAYS AS (json ->> '$.data.effect') VIRTUAL,
    email INTEGER GENERATED ALWAYS AS (json ->> '$.data.idempotency_key' IS NOT NULL) VIRTUAL
  ) STRICT;
  CREATE INDEX records_at ON records (at);
  CREATE INDEX records_kind ON records (kind);
  CREATE INDEX records_team ON records (team);
  CREATE INDEX records_assistant ON records (assistant);
  CREATE INDEX records_receipt ON records (receipt);
  CREATE INDEX records_denied ON records (effect) WHERE effect = 'deny';
  CREATE INDEX records_emails ON records (assistant, team) WHERE email = 1;

  -- The tree. Leaves are in records; here are roots of complete subtrees of 2^level leaves.
  CREATE TABLE nodes (
    level INTEGER NOT NULL CHECK (level > 0 AND level % 8 = 0),
    idx INTEGER NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (level, idx)
  ) STRICT, WITHOUT ROWID;
  -- One row. frontier: the hashes of \`Frontier\`, 32 bytes each, one after the other.
  CREATE TABLE head (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    size INTEGER NOT NULL,
    root BLOB NOT NULL,
    frontier BLOB NOT NULL
  ) STRICT;
  INSERT INTO head VALUES (1, 0, x'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', x'');

  -- Beside the records: what can be erased. value: text, or bytes where raw deflate makes it shorter.
  CREATE TABLE sealed (
    id INTEGER PRIMARY KEY, -- seq * 65536 + place among the record's values, so that they lie in the order of records
    commitment BLOB NOT NULL,
    salt BLOB NOT NULL,
    kind TEXT NOT NULL,
    value ANY NOT NULL,
    seq INTEGER GENERATED ALWAYS AS (id >> 16) VIRTUAL
  ) STRICT;
  CREATE UNIQUE INDEX sealed_commitment ON sealed (commitment);
  CREATE TABLE recipients (
    seq INTEGER NOT NULL,
    base TEXT NOT NULL,
    PRIMARY KEY (seq, base)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX recipients_base ON recipients (base);
  CREATE TABLE policy_texts (hash TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT, WITHOUT ROWID;

  -- Derived from the records.
  CREATE TABLE rules (
    seq INTEGER NOT NULL,
    rule TEXT NOT NULL,
    PRIMARY KEY (seq, rule)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX rules_rule ON rules (rule);
  CREATE TABLE open_intents (receipt TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID;

  -- What is taken for a while. Times are epoch milliseconds.
  CREATE TABLE claims (
    key TEXT PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    receipt TEXT NOT NULL,
    expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX claims_receipt ON claims (receipt);
  CREATE INDEX claims_expires_at ON claims (expires_at);
  CREATE TABLE reservations (
    counter TEXT NOT NULL,
    at INTEGER NOT NULL,
    receipt TEXT NOT NULL,
    keep_until INTEGER NOT NULL,
    PRIMARY KEY (counter, at, receipt)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX reservations_receipt ON reservations (receipt);
  CREATE INDEX reservations_keep_until ON reservations (keep_until);
  `,
  `
  -- MultiMail's id of the email that it took.
  ALTER TABLE records ADD COLUMN taken TEXT GENERATED ALWAYS AS (
    CASE WHEN json ->> '$.kind' = 'outcome' AND json ->> '$.data.result' = 'accepted' THEN json ->> '$.data.email' END
  ) VIRTUAL;
  CREATE INDEX records_taken ON records (taken) WHERE taken IS NOT NULL;
  -- Derived from the records.
  CREATE TABLE watched_emails (receipt TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  INSERT OR REPLACE INTO watched_emails (receipt, seq)
    SELECT receipt, seq FROM records WHERE taken IS NOT NULL AND receipt IS NOT NULL ORDER BY seq;
  `,
  `
  -- C2SP signed notes, each beside its \`checkpoint\` record.
  CREATE TABLE checkpoints (seq INTEGER PRIMARY KEY, note TEXT NOT NULL) STRICT;
  `,
  `
  -- Reads that showed a team mail from outside.
  CREATE INDEX records_outside ON records (team, at) WHERE kind = 'outcome' AND json ->> '$.data.outside' = 1;
  `,
  `
  -- Eight bytes find a value as well as all do, and a commitment lies anywhere in the index: more of it fits a page.
  DROP INDEX sealed_commitment;
  CREATE INDEX sealed_commitment ON sealed (substr(commitment, 1, 8));
  -- How many reservations of a counter are earlier than this time, more or less by what is the same for all of its marks.
  CREATE TABLE reservation_marks (
    counter TEXT NOT NULL,
    at INTEGER NOT NULL,
    before INTEGER NOT NULL,
    PRIMARY KEY (counter, at)
  ) STRICT, WITHOUT ROWID;
  INSERT OR IGNORE INTO reservation_marks SELECT counter, at, before FROM (${newMarks("reservations r")});
  `,
  keepInFewBytes,
];

/** Takes one step. */
export function takeStep(
  db: Database.Database,
  step: Migration,
  progress: MigrationProgress = () => {},
): void {
  if (typeof step === "string") db.exec(step);
  else step(db, progress);
}
