import type Database from "better-sqlite3";
import { erasureOf, isFinal, isTaking } from "../../record/derived.ts";
import { type Frontier, leafHash } from "../../tree/mod.ts";
import { MAX_SEALED, type PreparedEntry } from "../prepare_entry.ts";
import type { AppendResult } from "../store.ts";
import type { ClaimRows } from "./_claim_rows.ts";
import { Eraser } from "./_eraser.ts";
import type { TreeRows } from "./_tree_rows.ts";

/** Writes entries, several in one durable commit. */
export class BatchWriter {
  readonly #tree: TreeRows;
  readonly #claims: ClaimRows;
  readonly #write: Database.Transaction<(batch: readonly PreparedEntry[]) => readonly AppendResult[]>;
  readonly #insertRecord: Database.Statement<[number, string, Uint8Array]>;
  readonly #insertSealed: Database.Statement<[number, Uint8Array, Uint8Array, string, string | Uint8Array]>;
  readonly #insertRecipient: Database.Statement<[number, string]>;
  readonly #insertRule: Database.Statement<[number, string]>;
  readonly #insertPolicyText: Database.Statement<[string, string]>;
  readonly #insertNote: Database.Statement<[number, string]>;
  readonly #eraser: Eraser;
  readonly #open: Database.Statement<[string, number]>;
  readonly #settle: Database.Statement<[string]>;
  readonly #watch: Database.Statement<[string, number]>;
  readonly #unwatch: Database.Statement<[string]>;

  constructor(db: Database.Database, tree: TreeRows, claims: ClaimRows) {
    this.#tree = tree;
    this.#claims = claims;
    this.#write = db.transaction((batch) => this.#writeAll(batch));
    this.#insertRecord = db.prepare("INSERT INTO records (seq, json, leaf) VALUES (?, ?, ?)");
    this.#insertSealed = db.prepare(
      "INSERT INTO sealed (id, commitment, salt, kind, value) VALUES (?, ?, ?, ?, ?)",
    );
    this.#insertRecipient = db.prepare("INSERT INTO recipients (seq, base) VALUES (?, ?)");
    this.#insertRule = db.prepare("INSERT INTO rules (seq, rule) VALUES (?, ?)");
    this.#insertPolicyText = db.prepare("INSERT OR IGNORE INTO policy_texts (hash, text) VALUES (?, ?)");
    this.#insertNote = db.prepare("INSERT INTO checkpoints (seq, note) VALUES (?, ?)");
    this.#eraser = new Eraser(db);
    this.#open = db.prepare("INSERT INTO open_intents (receipt, seq) VALUES (?, ?)");
    this.#settle = db.prepare("DELETE FROM open_intents WHERE receipt = ?");
    this.#watch = db.prepare("INSERT OR REPLACE INTO watched_emails (receipt, seq) VALUES (?, ?)");
    this.#unwatch = db.prepare("DELETE FROM watched_emails WHERE receipt = ?");
  }

  /**
   * Writes the entries in order, each if it may have what it claims. All that is written is on disk on return; after
   * an error nothing is.
   */
  write(batch: readonly PreparedEntry[]): readonly AppendResult[] {
    // The lock is taken before the head is read: another process may have appended, and none can until this is over.
    return this.#write.immediate(batch);
  }

  #writeAll(batch: readonly PreparedEntry[]): readonly AppendResult[] {
    const frontier = this.#tree.frontier();
    const { size } = frontier;
    const results = batch.map((prepared) => this.#writeOne(prepared, frontier));
    if (frontier.size > size) this.#tree.save(frontier);
    this.#claims.purge(Math.min(...batch.map(({ entry }) => entry.at)));
    return results;
  }

  #writeOne(prepared: PreparedEntry, frontier: Frontier): AppendResult {
    const { entry, json } = prepared;
    const { receipt } = entry;
    const refusal = this.#claims.refusal(entry);
    if (refusal !== undefined) return refusal;
    if (receipt !== null && entry.releases) this.#claims.release(receipt);
    this.#claims.take(entry);
    const seq = frontier.size;
    const text = json[0] + seq + json[1];
    const leaf = leafHash(text);
    this.#insertRecord.run(seq, text, leaf);
    this.#tree.append(frontier, leaf);
    this.#writeDerived(prepared, seq);
    return { ok: true, seq };
  }

  #writeDerived({ entry, packed, recipients, rules }: PreparedEntry, seq: number): void {
    const { receipt, sealed = [], policyTexts = [] } = entry;
    for (const [place, { commitment, salt, kind, value }] of sealed.entries()) {
      const id = seq * MAX_SEALED + place;
      this.#insertSealed.run(id, Buffer.from(commitment, "hex"), salt, kind, packed[place] ?? value);
    }
    for (const base of recipients) this.#insertRecipient.run(seq, base);
    for (const rule of rules) this.#insertRule.run(seq, rule);
    for (const { hash, text } of policyTexts) this.#insertPolicyText.run(hash, text);
    if (entry.note !== undefined) this.#insertNote.run(seq, entry.note);
    const erasure = erasureOf(entry.kind, entry.data);
    if (erasure !== undefined) this.#eraser.erase(erasure);
    if (receipt === null) return;
    if (entry.settles) this.#settle.run(receipt);
    if (entry.opens) this.#open.run(receipt, seq);
    if (isTaking(entry.kind, entry.data)) this.#watch.run(receipt, seq);
    if (isFinal(entry.kind, entry.data)) this.#unwatch.run(receipt);
  }
}
