import { newMarks } from "../reservation_marks.ts";
import { APPEND_FUNCTION, ROOT_FUNCTION } from "./_append_function.ts";
import { DERIVE_FUNCTION, DERIVED } from "./_derive_function.ts";

/** Text of a member of the record, or null. PostgreSQL keeps no U+0000 in a column (see \`columnText\`). */
const member = (path: string) => String.raw`replace(json, '\u0000', '\ufffd')::json #>> '{${path}}'`;
const textOf = (name: string, path: string) =>
  `${name} text COLLATE "C" GENERATED ALWAYS AS (${member(path)}) STORED`;

/** Whether a record is of a read that showed mail from outside: as the index `records_outside` has it, so never edited. */
export const OUTSIDE_READ: string = `kind = 'outcome' AND (${member("data,outside")}) = 'true'`;

/**
 * Steps from each version of the database to the next, forward only, as in SQLite. A step that was released is never
 * edited. Columns that are derived from a record are set from its JSON, whatever is written: nobody can set them apart
 * from it.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE records (
    seq bigint PRIMARY KEY,
    json text NOT NULL,
    leaf bytea NOT NULL,
    ${textOf("at", "at")},
    ${textOf("kind", "kind")},
    ${textOf("team", "team")},
    ${textOf("assistant", "assistant")},
    ${textOf("receipt", "receipt")},
    ${textOf("effect", "data,effect")},
    is_email boolean GENERATED ALWAYS AS (${member("data,idempotency_key")} IS NOT NULL) STORED,
    -- MultiMail's id of the email that it took.
    taken text COLLATE "C" GENERATED ALWAYS AS (
      CASE WHEN ${member("kind")} = 'outcome' AND ${member("data,result")} = 'accepted' THEN ${member("data,email")} END
    ) STORED
  );
  CREATE INDEX records_at ON records (at, seq);
  CREATE INDEX records_kind ON records (kind, seq);
  CREATE INDEX records_team ON records (team, seq);
  CREATE INDEX records_assistant ON records (assistant, seq);
  CREATE INDEX records_receipt ON records (receipt, seq) WHERE receipt IS NOT NULL;
  CREATE INDEX records_denied ON records (seq) WHERE effect = 'deny';
  CREATE INDEX records_emails ON records (assistant, team, seq) WHERE is_email;
  CREATE INDEX records_taken ON records (taken) WHERE taken IS NOT NULL;

  -- The tree. Leaves are in records; here are roots of complete subtrees of 2^level leaves.
  CREATE TABLE nodes (
    level int NOT NULL CHECK (level > 0 AND level % 8 = 0),
    idx bigint NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (level, idx)
  );
  -- One row, which whoever appends locks. frontier: the hashes of \`Frontier\`, 32 bytes each, one after the other.
  CREATE TABLE head (
    id int PRIMARY KEY CHECK (id = 1),
    size bigint NOT NULL,
    root bytea NOT NULL,
    frontier bytea NOT NULL
  ) WITH (fillfactor = 10);
  INSERT INTO head VALUES (1, 0, '\\xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', '');

  -- Beside the records: what can be erased. value: UTF-8, under raw deflate where that is shorter (packed).
  CREATE TABLE sealed (
    id bigint PRIMARY KEY, -- seq * 65536 + place among the record's values, so that they lie in the order of records
    commitment bytea NOT NULL UNIQUE,
    salt bytea NOT NULL,
    kind text COLLATE "C" NOT NULL,
    packed boolean NOT NULL DEFAULT false,
    value bytea NOT NULL,
    seq bigint GENERATED ALWAYS AS (id >> 16) STORED
  );
  CREATE TABLE recipients (seq bigint NOT NULL, base text COLLATE "C" NOT NULL, PRIMARY KEY (seq, base));
  CREATE INDEX recipients_base ON recipients (base, seq);
  -- text: UTF-8. A policy file can hold what a text column cannot.
  CREATE TABLE policy_texts (hash text COLLATE "C" PRIMARY KEY, text bytea NOT NULL);
  -- C2SP signed notes, each beside its \`checkpoint\` record.
  CREATE TABLE checkpoints (seq bigint PRIMARY KEY, note text COLLATE "C" NOT NULL);

  -- Derived from the records.
  CREATE TABLE rules (seq bigint NOT NULL, rule text COLLATE "C" NOT NULL, PRIMARY KEY (seq, rule));
  CREATE INDEX rules_rule ON rules (rule, seq);
  CREATE TABLE open_intents (receipt text COLLATE "C" PRIMARY KEY, seq bigint NOT NULL);
  CREATE TABLE watched_emails (receipt text COLLATE "C" PRIMARY KEY, seq bigint NOT NULL);

  -- What is taken for a while. Times are epoch milliseconds.
  CREATE TABLE claims (
    key text COLLATE "C" PRIMARY KEY,
    fingerprint text COLLATE "C" NOT NULL,
    receipt text COLLATE "C" NOT NULL,
    expires_at bigint NOT NULL
  );
  CREATE INDEX claims_receipt ON claims (receipt);
  CREATE INDEX claims_expires_at ON claims (expires_at);
  CREATE TABLE reservations (
    counter text COLLATE "C" NOT NULL,
    at bigint NOT NULL,
    receipt text COLLATE "C" NOT NULL,
    keep_until bigint NOT NULL,
    PRIMARY KEY (counter, at, receipt)
  );
  CREATE INDEX reservations_receipt ON reservations (receipt);
  CREATE INDEX reservations_keep_until ON reservations (keep_until);
  `,
  `
  -- Reads that showed a team mail from outside.
  CREATE INDEX records_outside ON records (team, at) WHERE ${OUTSIDE_READ};
  `,
  `
  -- The answer to each gateway's last batch, for as long as it may have been lost; null: the batch was given up.
  CREATE TABLE writers (
    id text COLLATE "C" PRIMARY KEY,
    batch bigint NOT NULL,
    reply json,
    at timestamptz NOT NULL DEFAULT now()
  ) WITH (fillfactor = 10);
  ${ROOT_FUNCTION}
  ${APPEND_FUNCTION}
  `,
  `
  -- What is derived from a record is worked out by one reading of its JSON instead of ten: still, nobody can set it apart.
  ALTER TABLE records ${DERIVED.map((name) => `ALTER COLUMN ${name} DROP EXPRESSION`).join(", ")};
  ${DERIVE_FUNCTION}
  CREATE TRIGGER derive BEFORE INSERT OR UPDATE ON records FOR EACH ROW EXECUTE FUNCTION derive();
  -- How many reservations of a counter are earlier than this time, more or less by what is the same for all of its marks.
  CREATE TABLE reservation_marks (
    counter text COLLATE "C" NOT NULL,
    at bigint NOT NULL,
    before bigint NOT NULL,
    PRIMARY KEY (counter, at)
  );
  INSERT INTO reservation_marks
    SELECT counter, at, before FROM (${newMarks("reservations r")}) AS n ON CONFLICT DO NOTHING;
  -- Whoever verifies reads them.
  DO $$
  DECLARE
    reader text;
  BEGIN
    FOR reader IN
      SELECT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END
      FROM pg_class c, aclexplode(c.relacl) a
      WHERE c.oid = 'reservations'::regclass AND a.privilege_type = 'SELECT' AND a.grantee <> c.relowner
    LOOP
      EXECUTE 'GRANT SELECT ON reservation_marks TO ' || reader;
    END LOOP;
  END $$;
  `,
];
