import { isFinal, isTaking } from "../../record/derived.ts";
import { type Frontier, STORED_LEVELS } from "../../tree/mod.ts";
import { MAX_SEALED, type PreparedEntry } from "../prepare_entry.ts";
import type { ClaimsLedger } from "./_claims_ledger.ts";
import { columnText } from "./_column_text.ts";
import type { Queries } from "./_tree_rows.ts";

/** A record with its place and leaf. */
interface Row {
  readonly seq: number;
  readonly json: string;
  readonly leaf: Uint8Array;
}

/** A list's member after the batch: the record that put it there, or null when it is off the list. */
type Listed = Map<string, number | null>;

/** The rows that a batch adds, all inserted by one statement. */
export class NewRows {
  readonly #frontier: Frontier;
  readonly #ledger: ClaimsLedger;
  readonly #first: number;
  readonly #jsons: string[] = [];
  readonly #leaves: Uint8Array[] = [];
  readonly #nodes = { level: [] as number[], index: [] as number[], hash: [] as Uint8Array[] };
  readonly #sealed = {
    id: [] as number[],
    commitment: [] as Uint8Array[],
    salt: [] as Uint8Array[],
    kind: [] as string[],
    packed: [] as boolean[],
    value: [] as Uint8Array[],
  };
  readonly #recipients: Texts = { seq: [], text: [] };
  readonly #rules: Texts = { seq: [], text: [] };
  readonly #notes: Texts = { seq: [], text: [] };
  readonly #policyTexts = new Map<string, Uint8Array>();
  readonly #open: Listed = new Map();
  readonly #watched: Listed = new Map();

  /** Leaves are appended to `frontier`, to which the head is set at the end. */
  constructor(frontier: Frontier, ledger: ClaimsLedger) {
    this.#frontier = frontier;
    this.#ledger = ledger;
    this.#first = frontier.size;
  }

  /** JSON of the first record. */
  get firstJson(): string {
    return this.#jsons[0] ?? "";
  }

  add(prepared: PreparedEntry, { seq, json, leaf }: Row): void {
    const { entry, recipients, rules } = prepared;
    this.#jsons.push(json);
    this.#leaves.push(leaf);
    this.#frontier.append(leaf, (level, index, hash) => {
      if (!STORED_LEVELS.includes(level)) return;
      this.#nodes.level.push(level);
      this.#nodes.index.push(index);
      this.#nodes.hash.push(hash);
    });
    this.#addSealed(prepared, seq);
    for (const base of recipients) add(this.#recipients, seq, base);
    for (const rule of rules) add(this.#rules, seq, rule);
    if (entry.note !== undefined) add(this.#notes, seq, entry.note);
    for (const { hash, text } of entry.policyTexts ?? []) this.#policyTexts.set(hash, Buffer.from(text));
    if (entry.receipt === null) return;
    const receipt = columnText(entry.receipt);
    if (entry.settles) this.#open.set(receipt, null);
    if (entry.opens) this.#open.set(receipt, seq);
    if (isTaking(entry.kind, entry.data)) this.#watched.set(receipt, seq);
    if (isFinal(entry.kind, entry.data)) this.#watched.set(receipt, null);
  }

  #addSealed({ entry, packed }: PreparedEntry, seq: number): void {
    for (const [place, { commitment, salt, kind, value }] of (entry.sealed ?? []).entries()) {
      const kept = packed[place] ?? value;
      this.#sealed.id.push(seq * MAX_SEALED + place);
      this.#sealed.commitment.push(Buffer.from(commitment, "hex"));
      this.#sealed.salt.push(salt);
      this.#sealed.kind.push(kind);
      this.#sealed.packed.push(typeof kept !== "string");
      this.#sealed.value.push(typeof kept === "string" ? Buffer.from(kept) : kept);
    }
  }

  /** Inserts all, and sets the head. */
  async insert(db: Queries): Promise<void> {
    const { taken, reservations } = this.#ledger;
    const head = this.#frontier;
    const { rowCount } = await db.query({
      name: "append",
      text: INSERT,
      values: [
        // Records. Canonical JSON has no line breaks.
        ...[this.#first, this.#jsons.join("\n"), Buffer.concat(this.#leaves)],
        ...[this.#nodes.level, this.#nodes.index, this.#nodes.hash],
        ...[this.#sealed.id, this.#sealed.commitment, this.#sealed.salt],
        ...[this.#sealed.kind, this.#sealed.packed, this.#sealed.value],
        ...[this.#recipients.seq, this.#recipients.text, this.#rules.seq, this.#rules.text],
        ...[[...this.#policyTexts.keys()], [...this.#policyTexts.values()]],
        ...[this.#notes.seq, this.#notes.text],
        ...[offList(this.#open), ...onList(this.#open), offList(this.#watched), ...onList(this.#watched)],
        ...[taken.map(({ key }) => key), taken.map(({ fingerprint }) => fingerprint)],
        ...[taken.map(({ receipt }) => receipt), taken.map(({ expiresAt }) => expiresAt)],
        ...[reservations.map(({ counter }) => counter), reservations.map(({ at }) => at)],
        ...[reservations.map(({ receipt }) => receipt), reservations.map(({ keepUntil }) => keepUntil)],
        ...[head.size, head.root(), Buffer.concat(head.hashes)],
      ],
    });
    if (rowCount !== 1) throw new Error("the head is missing");
  }
}

/** Texts of records, column by column. */
interface Texts {
  readonly seq: number[];
  readonly text: string[];
}

function add(texts: Texts, seq: number, text: string): void {
  texts.seq.push(seq);
  texts.text.push(columnText(text));
}

function offList(listed: Listed): readonly string[] {
  return [...listed].filter(([, seq]) => seq === null).map(([receipt]) => receipt);
}

function onList(listed: Listed): readonly [receipts: readonly string[], seqs: readonly number[]] {
  const on = [...listed].flatMap(([receipt, seq]) => (seq === null ? [] : [{ receipt, seq }]));
  return [on.map(({ receipt }) => receipt), on.map(({ seq }) => seq)];
}

const INSERT = `
  WITH new_records AS (
    INSERT INTO records (seq, json, leaf)
    SELECT $1::bigint + n - 1, json, substring($3::bytea FROM (32 * n - 31)::int FOR 32)
    FROM unnest(string_to_array($2::text, E'\\n')) WITH ORDINALITY AS t (json, n)
  ), new_nodes AS (
    INSERT INTO nodes (level, idx, hash) SELECT * FROM unnest($4::int[], $5::bigint[], $6::bytea[])
  ), new_sealed AS (
    INSERT INTO sealed (id, commitment, salt, kind, packed, value)
    SELECT * FROM unnest($7::bigint[], $8::bytea[], $9::bytea[], $10::text[], $11::boolean[], $12::bytea[])
  ), new_recipients AS (
    INSERT INTO recipients (seq, base) SELECT * FROM unnest($13::bigint[], $14::text[])
  ), new_rules AS (
    INSERT INTO rules (seq, rule) SELECT * FROM unnest($15::bigint[], $16::text[])
  ), new_policy_texts AS (
    INSERT INTO policy_texts (hash, text) SELECT * FROM unnest($17::text[], $18::bytea[]) ON CONFLICT DO NOTHING
  ), new_checkpoints AS (
    INSERT INTO checkpoints (seq, note) SELECT * FROM unnest($19::bigint[], $20::text[])
  ), settled AS (
    DELETE FROM open_intents WHERE receipt = ANY ($21::text[])
  ), opened AS (
    INSERT INTO open_intents (receipt, seq) SELECT * FROM unnest($22::text[], $23::bigint[])
    ON CONFLICT (receipt) DO UPDATE SET seq = excluded.seq
  ), unwatched AS (
    DELETE FROM watched_emails WHERE receipt = ANY ($24::text[])
  ), watched AS (
    INSERT INTO watched_emails (receipt, seq) SELECT * FROM unnest($25::text[], $26::bigint[])
    ON CONFLICT (receipt) DO UPDATE SET seq = excluded.seq
  ), claimed AS (
    INSERT INTO claims (key, fingerprint, receipt, expires_at)
    SELECT * FROM unnest($27::text[], $28::text[], $29::text[], $30::bigint[])
    ON CONFLICT (key) DO UPDATE
    SET fingerprint = excluded.fingerprint, receipt = excluded.receipt, expires_at = excluded.expires_at
  ), reserved AS (
    INSERT INTO reservations (counter, at, receipt, keep_until)
    SELECT * FROM unnest($31::text[], $32::bigint[], $33::text[], $34::bigint[])
    ON CONFLICT (counter, at, receipt) DO UPDATE
    SET keep_until = greatest(reservations.keep_until, excluded.keep_until)
  )
  UPDATE head SET size = $35, root = $36, frontier = $37`;
