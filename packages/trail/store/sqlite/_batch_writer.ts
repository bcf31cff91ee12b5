import type Database from "better-sqlite3";
import { type Frontier, leafHash } from "../../tree/mod.ts";
import { MAX_SEALED } from "../max_sealed.ts";
import { ClaimRows } from "./_claim_rows.ts";
import { Eraser } from "./_eraser.ts";
import { MARKS, type Order, type Written } from "./_order.ts";
import { TreeRows } from "./_tree_rows.ts";
import { Names } from "./names.ts";
import { packKey } from "./pack_key.ts";
import { INSERT_RECORD, type RecordValues, recordValues } from "./record_values.ts";

type Key = string | Uint8Array;

/** Writes entries, several in one durable commit. */
export class BatchWriter {
  readonly #tree: TreeRows;
  readonly #claims: ClaimRows;
  readonly #write: Database.Transaction<(orders: readonly Order[]) => readonly Written[]>;
  readonly #names: Names;
  readonly #insertRecord: Database.Statement<RecordValues>;
  readonly #insertSealed: Database.Statement<[number, Uint8Array, Uint8Array, string, string | Uint8Array]>;
  readonly #insertRecipient: Database.Statement<[number, string]>;
  readonly #insertRule: Database.Statement<[number, string]>;
  readonly #insertPolicyText: Database.Statement<[string, string]>;
  readonly #insertNote: Database.Statement<[number, string]>;
  readonly #eraser: Eraser;
  readonly #open: Database.Statement<[Key, number]>;
  readonly #settle: Database.Statement<[Key]>;
  readonly #watch: Database.Statement<[Key, number]>;
  readonly #unwatch: Database.Statement<[Key]>;

  constructor(db: Database.Database) {
    this.#tree = new TreeRows(db);
    this.#claims = new ClaimRows(db);
    this.#write = db.transaction((orders) => this.#writeAll(orders));
    this.#names = new Names(db);
    this.#insertRecord = db.prepare(INSERT_RECORD);
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
   * Writes the records in order, each if it may have what it claims. All that is written is on disk on return; after
   * an error nothing is.
   */
  write(orders: readonly Order[]): readonly Written[] {
    // The lock is taken before the head is read: another process may have appended, and none can until this is over.
    try {
      return this.#write.immediate(orders);
    } catch (error) {
      // What it added is not there.
      this.#names.forget();
      throw error;
    }
  }

  #writeAll(orders: readonly Order[]): readonly Written[] {
    const frontier = this.#tree.frontier();
    const { size } = frontier;
    const written = orders.map((order) => this.#writeOne(order, frontier));
    if (frontier.size > size) this.#tree.save(frontier);
    this.#claims.tidy(Math.min(...orders.map(([at]) => at)));
    return written;
  }

  #writeOne(order: Order, frontier: Frontier): Written {
    const [at, receipt, before, after, found, , , , marks, wanted] = order;
    const entry = { at, receipt, ...wanted };
    const refusal = wanted === null ? undefined : this.#claims.refusal(entry);
    if (refusal !== undefined) return refusal;
    // What gives everything back is only judged by what it wants.
    if (receipt !== null && marks & MARKS.releases) this.#claims.release(receipt);
    else if (wanted !== null) this.#claims.take(entry);
    const seq = frontier.size;
    const text = before + seq + after;
    const leaf = leafHash(text);
    const [kind, team, assistant, policy, taken, effect] = found;
    const isEmail = (marks & MARKS.isEmail) !== 0;
    const outside = (marks & MARKS.outside) !== 0;
    const columns = { at, kind, team, assistant, policy, receipt, taken, effect, isEmail, outside };
    this.#insertRecord.run(...recordValues({ seq, json: text, leaf }, this.#names, columns));
    this.#tree.append(frontier, leaf);
    this.#writeDerived(order, seq);
    return seq;
  }

  #writeDerived([, receipt, , , , sealed, recipients, rules, marks, , rest]: Order, seq: number): void {
    for (const [place, [commitment, salt, kind, value]] of sealed.entries()) {
      const id = seq * MAX_SEALED + place;
      this.#insertSealed.run(id, Buffer.from(commitment, "hex"), Buffer.from(salt, "latin1"), kind, value);
    }
    for (const base of recipients) this.#insertRecipient.run(seq, base);
    for (const rule of rules) this.#insertRule.run(seq, rule);
    for (const { hash, text } of rest?.policyTexts ?? []) this.#insertPolicyText.run(hash, text);
    if (rest?.note !== undefined) this.#insertNote.run(seq, rest.note);
    if (rest?.erasure !== undefined) this.#eraser.erase(rest.erasure);
    if (receipt === null) return;
    const key = packKey(receipt);
    if (marks & MARKS.settles) this.#settle.run(key);
    if (marks & MARKS.opens) this.#open.run(key, seq);
    if (marks & MARKS.takes) this.#watch.run(key, seq);
    if (marks & MARKS.ends) this.#unwatch.run(key);
  }
}
