import { STORED_LEVELS } from "../../tree/mod.ts";
import { MAX_SEALED } from "../max_sealed.ts";
import { MARKED_FROM, newMarks, reservedAfter } from "../reservation_marks.ts";

/** What an entry does beside being recorded, as bits of `entry_does`. */
export const DOES = { release: 1, settle: 2, open: 4, watch: 8, unwatch: 16 } as const;

/** What is over stays for a while, since clocks of several gateways differ; milliseconds. */
const GRACE_MS = 60 * 60_000;

/** How many rows of each kind a batch clears away at most: more than a batch adds. */
const PURGE_ROWS = 1000;

/**
 * SQL for what is over before the function's `over_before`. In order, so that the planner goes by the index: it does not know
 * how few there are, expects a third of all, and would rather look for them among all, batch after batch.
 */
export const OVER: Readonly<Record<"claims" | "reservations", string>> = {
  claims: `SELECT c.key FROM claims c WHERE c.expires_at <= over_before
    AND NOT EXISTS (SELECT FROM open_intents o WHERE o.receipt = c.receipt) ORDER BY c.expires_at LIMIT ${PURGE_ROWS}`,
  reservations: `SELECT r.ctid FROM reservations r WHERE r.keep_until <= over_before ORDER BY r.keep_until LIMIT ${PURGE_ROWS}`,
};

/** The interval of stored levels. */
const [, LEVELS = 0] = STORED_LEVELS;

/**
 * The parameters of `append`, in their order, with their types. Those that begin with the same word are columns of one
 * table of parameters, of as many rows; `..._entry` is the place of the row's entry in the batch, from 1 on.
 */
export const APPEND_PARAMETERS = {
  writer: "text",
  batch_number: "bigint",
  known_size: "bigint",
  // The canonical JSON before and after the digits of `seq`, one a line: it has no line breaks.
  befores: "text",
  afters: "text",
  entry_at: "bigint[]",
  entry_receipt: "text[]",
  entry_does: "int[]",
  entry_claims: "int[]",
  entry_reservations: "int[]",
  claim_key: "text[]",
  claim_fingerprint: "text[]",
  claim_expires_at: "bigint[]",
  claim_optional: "boolean[]",
  reservation_counter: "text[]",
  reservation_after: "bigint[]",
  reservation_max: "bigint[]",
  reservation_keep_until: "bigint[]",
  sealed_entry: "int[]",
  sealed_place: "int[]",
  sealed_commitment: "bytea[]",
  sealed_salt: "bytea[]",
  sealed_kind: "text[]",
  sealed_packed: "boolean[]",
  sealed_value: "bytea[]",
  recipient_entry: "int[]",
  recipient_base: "text[]",
  rule_entry: "int[]",
  rule_name: "text[]",
  note_entry: "int[]",
  note_text: "text[]",
  policy_entry: "int[]",
  policy_hash: "text[]",
  policy_text: "bytea[]",
  // Of all entries.
  least_at: "bigint",
} as const;

/**
 * Makes `append`, which judges and writes a batch while it has the head's lock, in one round trip: a gateway that is busy,
 * or far away, keeps nobody waiting. What it answers stays in `writers` until the writer's next batch, so that an answer
 * that was lost can be asked for.
 */
export const APPEND_FUNCTION: string = String.raw`
  CREATE FUNCTION append(
    ${Object.entries(APPEND_PARAMETERS)
      .map(([name, type]) => `${name} ${type}`)
      .join(",\n    ")}
  ) RETURNS json LANGUAGE plpgsql AS $append$
  DECLARE
    over_before bigint := least_at - ${GRACE_MS};
    tip head%ROWTYPE;
    next_seq bigint;
    seqs bigint[] := '{}';
    refused json[] := '{}';
    refusal json;
    entry record;
    claimed int := 0;
    reserved int := 0;
    used bigint;
    many_counter text[] := '{}';
    many_at bigint[] := '{}';
    late_counter text[] := '{}';
    leaves bytea[];
    node bytea;
    edge bytea;
    idx bigint;
    level int;
    reply json;
  BEGIN
    -- From here on nobody else appends until this is over.
    SELECT * INTO tip FROM head FOR UPDATE;
    IF NOT FOUND THEN RAISE 'the head is missing'; END IF;
    IF tip.size < known_size THEN
      -- An older copy was restored, or a standby took over that had not got everything: what was answered is not there.
      RAISE 'it had % records and has %; run audit verify, then start again', known_size, tip.size;
    END IF;
    IF tree_root(tip.frontier) <> tip.root THEN RAISE 'the frontier does not make the head''s root'; END IF;
    next_seq := tip.size;
    -- Counters whose marks move, since clocks of several gateways differ.
    IF reservation_counter <> '{}' THEN
      late_counter := ARRAY (
        SELECT DISTINCT t.counter FROM unnest(reservation_counter) AS t (counter)
        WHERE EXISTS (SELECT FROM reservation_marks m WHERE m.counter = t.counter AND m.at > least_at)
      );
    END IF;

    -- One by one: each sees what those before it did.
    FOR entry IN
      SELECT * FROM unnest(entry_at, entry_receipt, entry_does, entry_claims, entry_reservations)
      WITH ORDINALITY AS t (at, receipt, does, claims, reservations, place)
    LOOP
      refusal := NULL;
      FOR k IN claimed + 1 .. claimed + entry.claims LOOP
        CONTINUE WHEN claim_optional[k];
        SELECT json_build_object('place', entry.place, 'claim', k - claimed, 'receipt', c.receipt, 'fingerprint', c.fingerprint)
        INTO refusal FROM claims c
        WHERE c.key = claim_key[k] AND NOT (c.receipt = entry.receipt AND c.fingerprint = claim_fingerprint[k])
        -- While nobody knows whether an email left, what it claims stays taken.
        AND (c.expires_at > entry.at OR EXISTS (SELECT FROM open_intents o WHERE o.receipt = c.receipt));
        EXIT WHEN refusal IS NOT NULL;
      END LOOP;
      IF refusal IS NULL THEN
        FOR k IN reserved + 1 .. reserved + entry.reservations LOOP
          used := ${reservedAfter("reservation_counter[k]", "reservation_after[k]")};
          IF reservation_max[k] <= used THEN
            refusal := json_build_object('place', entry.place, 'reservation', k - reserved);
            EXIT;
          END IF;
          IF used >= ${MARKED_FROM} THEN
            many_counter := many_counter || reservation_counter[k];
            many_at := many_at || entry.at;
          END IF;
        END LOOP;
      END IF;
      IF refusal IS NOT NULL THEN
        refused := refused || refusal;
        seqs := seqs || NULL::bigint;
      ELSE
        IF entry.does & ${DOES.release} > 0 THEN
          DELETE FROM claims c WHERE c.receipt = entry.receipt;
          WITH gone AS (DELETE FROM reservations r WHERE r.receipt = entry.receipt RETURNING r.counter, r.at)
          UPDATE reservation_marks m
          SET before = m.before - (SELECT count(*) FROM gone g WHERE g.counter = m.counter AND g.at < m.at)
          WHERE m.counter IN (SELECT g.counter FROM gone g) AND m.at > (SELECT min(g.at) FROM gone g);
        ELSE
          FOR k IN claimed + 1 .. claimed + entry.claims LOOP
            INSERT INTO claims AS c (key, fingerprint, receipt, expires_at)
            VALUES (claim_key[k], claim_fingerprint[k], entry.receipt, claim_expires_at[k])
            ON CONFLICT (key) DO UPDATE
            SET fingerprint = excluded.fingerprint, receipt = excluded.receipt, expires_at = excluded.expires_at
            WHERE NOT claim_optional[k] OR (c.receipt = excluded.receipt AND c.fingerprint = excluded.fingerprint)
            OR NOT (c.expires_at > entry.at OR EXISTS (SELECT FROM open_intents o WHERE o.receipt = c.receipt));
          END LOOP;
          FOR k IN reserved + 1 .. reserved + entry.reservations LOOP
            INSERT INTO reservations (counter, at, receipt, keep_until)
            VALUES (reservation_counter[k], entry.at, entry.receipt, reservation_keep_until[k]) ON CONFLICT DO NOTHING;
            IF FOUND THEN
              IF reservation_counter[k] = ANY (late_counter) THEN
                UPDATE reservation_marks m SET before = m.before + 1
                WHERE m.counter = reservation_counter[k] AND m.at > entry.at;
              END IF;
            ELSE
              UPDATE reservations r SET keep_until = greatest(r.keep_until, reservation_keep_until[k])
              WHERE r.counter = reservation_counter[k] AND r.at = entry.at AND r.receipt = entry.receipt;
            END IF;
          END LOOP;
        END IF;
        IF entry.does & ${DOES.settle} > 0 THEN DELETE FROM open_intents o WHERE o.receipt = entry.receipt; END IF;
        IF entry.does & ${DOES.open} > 0 THEN
          INSERT INTO open_intents (receipt, seq) VALUES (entry.receipt, next_seq)
          ON CONFLICT (receipt) DO UPDATE SET seq = excluded.seq;
        END IF;
        IF entry.does & ${DOES.watch} > 0 THEN
          INSERT INTO watched_emails (receipt, seq) VALUES (entry.receipt, next_seq)
          ON CONFLICT (receipt) DO UPDATE SET seq = excluded.seq;
        END IF;
        IF entry.does & ${DOES.unwatch} > 0 THEN DELETE FROM watched_emails w WHERE w.receipt = entry.receipt; END IF;
        seqs := seqs || next_seq;
        next_seq := next_seq + 1;
      END IF;
      claimed := claimed + entry.claims;
      reserved := reserved + entry.reservations;
    END LOOP;
    reply := json_build_object('first', tip.size, 'refused', to_json(refused));
    IF next_seq = tip.size THEN RETURN reply; END IF;

    WITH added AS (
      INSERT INTO records (seq, json, leaf)
      SELECT seq, json, sha256('\x00'::bytea || convert_to(json, 'UTF8')) FROM (
        SELECT seq, concat(before, seq, after) AS json
        FROM unnest(string_to_array(befores, E'\n'), string_to_array(afters, E'\n'), seqs) AS t (before, after, seq)
        WHERE seq IS NOT NULL OFFSET 0
      ) AS texts
      RETURNING records.seq, records.leaf
    )
    SELECT array_agg(added.leaf ORDER BY added.seq) INTO leaves FROM added;

    edge := tip.frontier;
    FOR n IN 1 .. next_seq - tip.size LOOP
      node := leaves[n];
      idx := tip.size + n - 1;
      level := 0;
      WHILE idx & 1 = 1 LOOP
        node := sha256('\x01'::bytea || substring(edge FROM octet_length(edge) - 31) || node);
        edge := substring(edge FROM 1 FOR octet_length(edge) - 32);
        idx := idx >> 1;
        level := level + 1;
        IF level % ${LEVELS} = 0 THEN INSERT INTO nodes VALUES (level, idx, node); END IF;
      END LOOP;
      edge := edge || node;
    END LOOP;
    UPDATE head SET size = next_seq, root = tree_root(edge), frontier = edge;

    -- Each statement takes as long to begin as a row or two; many batches have nothing of some kinds.
    IF sealed_entry <> '{}' THEN
      INSERT INTO sealed (id, commitment, salt, kind, packed, value)
      SELECT seqs[t.entry] * ${MAX_SEALED} + t.place, t.commitment, t.salt, t.kind, t.packed, t.value
      FROM unnest(sealed_entry, sealed_place, sealed_commitment, sealed_salt, sealed_kind, sealed_packed, sealed_value)
      AS t (entry, place, commitment, salt, kind, packed, value) WHERE seqs[t.entry] IS NOT NULL;
    END IF;
    IF recipient_entry <> '{}' THEN
      INSERT INTO recipients (seq, base)
      SELECT seqs[t.entry], t.base FROM unnest(recipient_entry, recipient_base) AS t (entry, base)
      WHERE seqs[t.entry] IS NOT NULL;
    END IF;
    IF rule_entry <> '{}' THEN
      INSERT INTO rules (seq, rule)
      SELECT seqs[t.entry], t.name FROM unnest(rule_entry, rule_name) AS t (entry, name) WHERE seqs[t.entry] IS NOT NULL;
    END IF;
    IF note_entry <> '{}' THEN
      INSERT INTO checkpoints (seq, note)
      SELECT seqs[t.entry], t.note FROM unnest(note_entry, note_text) AS t (entry, note) WHERE seqs[t.entry] IS NOT NULL;
    END IF;
    IF policy_entry <> '{}' THEN
      INSERT INTO policy_texts (hash, text)
      SELECT t.hash, t.text FROM unnest(policy_entry, policy_hash, policy_text) AS t (entry, hash, text)
      WHERE seqs[t.entry] IS NOT NULL ON CONFLICT DO NOTHING;
    END IF;

    IF (SELECT min(c.expires_at) FROM claims c) <= over_before THEN
      DELETE FROM claims WHERE key = ANY (ARRAY (${OVER.claims}));
    END IF;
    IF (SELECT min(r.keep_until) FROM reservations r) <= over_before THEN
      WITH gone AS (
        DELETE FROM reservations WHERE ctid = ANY (ARRAY (${OVER.reservations})) RETURNING counter, at
      )
      DELETE FROM reservation_marks m USING (SELECT g.counter, max(g.at) AS at FROM gone g GROUP BY g.counter) AS last
      WHERE m.counter = last.counter AND m.at <= last.at;
    END IF;
    IF many_counter <> '{}' THEN
      INSERT INTO reservation_marks (counter, at, before)
      SELECT s.counter, n.at, n.before + coalesce(s.first_before, s.next_before - n.total, 0)
      FROM (
        SELECT DISTINCT t.counter, f.at AS first, f.before AS first_before, l.at AS next, l.before AS next_before
        FROM unnest(many_counter, many_at) AS t (counter, at)
        LEFT JOIN LATERAL (
          SELECT m.at, m.before FROM reservation_marks m WHERE m.counter = t.counter AND m.at <= t.at ORDER BY m.at DESC LIMIT 1
        ) AS f ON true
        LEFT JOIN LATERAL (
          SELECT m.at, m.before FROM reservation_marks m WHERE m.counter = t.counter AND m.at > t.at ORDER BY m.at LIMIT 1
        ) AS l ON true
      ) AS s
      CROSS JOIN LATERAL (${newMarks(
        "reservations r WHERE r.counter = s.counter AND (s.first IS NULL OR r.at >= s.first) AND (s.next IS NULL OR r.at < s.next)",
      )}) AS n
      ON CONFLICT DO NOTHING;
    END IF;

    -- Whoever lost the answer to this batch may have given it up since.
    INSERT INTO writers AS w (id, batch, reply) VALUES (writer, batch_number, reply)
    ON CONFLICT (id) DO UPDATE SET batch = excluded.batch, reply = excluded.reply, at = excluded.at
    WHERE w.batch < excluded.batch;
    IF NOT FOUND THEN RAISE 'it was given up'; END IF;
    RETURN reply;
  END $append$;
`;

/** Makes `tree_root`, the RFC 6962 root over subtrees side by side, the largest first, of 32 bytes each. */
export const ROOT_FUNCTION: string = String.raw`
  CREATE FUNCTION tree_root(frontier bytea) RETURNS bytea LANGUAGE plpgsql AS $root$
  DECLARE
    root bytea;
  BEGIN
    IF octet_length(frontier) = 0 THEN RETURN sha256(''); END IF;
    root := substring(frontier FROM octet_length(frontier) - 31);
    FOR n IN REVERSE octet_length(frontier) / 32 - 2 .. 0 LOOP
      root := sha256('\x01'::bytea || substring(frontier FROM 32 * n + 1 FOR 32) || root);
    END LOOP;
    RETURN root;
  END $root$;
`;
