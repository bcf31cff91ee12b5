import type Database from "better-sqlite3";
import { sealedBase } from "../../record/address_base.ts";
import type { ErasureData } from "../../record/erasure.ts";
import { MAX_SEALED } from "../max_sealed.ts";
import { HAS_COMMITMENT, SealedRows } from "./_sealed_rows.ts";
import { storedText } from "./_stored_text.ts";

type Row = {
  readonly id: number;
  readonly seq: number;
  readonly kind: string;
  readonly value: string | Uint8Array;
};

/** Removes sealed values with their salts, and under what their records were found. */
export class Eraser {
  readonly #find: Database.Statement<[{ readonly commitment: Uint8Array }], Row>;
  readonly #delete: Database.Statement<[number]>;
  readonly #values: SealedRows;
  readonly #recipients: Database.Statement<[number], Uint8Array>;
  readonly #deleteRecipient: Database.Statement<[number, Uint8Array]>;
  readonly #deleteBelow: Database.Statement<[number, string]>;
  readonly #deleteRecipientsBelow: Database.Statement<[number]>;

  constructor(db: Database.Database) {
    this.#find = db.prepare(`SELECT id, seq, kind, value FROM sealed WHERE ${HAS_COMMITMENT}`);
    this.#delete = db.prepare("DELETE FROM sealed WHERE id = ?");
    this.#values = new SealedRows(db);
    this.#recipients = db
      .prepare<[number], Uint8Array>("SELECT CAST(base AS BLOB) FROM recipients WHERE seq = ?")
      .pluck();
    this.#deleteRecipient = db.prepare("DELETE FROM recipients WHERE seq = ? AND base = CAST(? AS TEXT)");
    this.#deleteBelow = db.prepare("DELETE FROM sealed WHERE id < ? AND kind = ?");
    this.#deleteRecipientsBelow = db.prepare("DELETE FROM recipients WHERE seq < ?");
  }

  /** Within the transaction that appends the erasure's record. */
  erase({ commitments, below }: Pick<ErasureData, "commitments" | "below">): void {
    for (const commitment of commitments) this.#eraseOne(Buffer.from(commitment, "hex"));
    for (const kind of below?.kinds ?? []) {
      const seq = below?.seq ?? 0;
      this.#deleteBelow.run(seq * MAX_SEALED, kind);
      if (kind === "address") this.#deleteRecipientsBelow.run(seq);
    }
  }

  #eraseOne(commitment: Uint8Array): void {
    const row = this.#find.get({ commitment });
    if (row === undefined) return;
    const base = row.kind === "address" ? sealedBase(this.#values.valueOf(row.id, row.value)) : undefined;
    this.#delete.run(row.id);
    if (base === undefined) return;
    for (const bytes of this.#recipients.all(row.seq)) {
      const text = storedText(Buffer.from(bytes).toString("utf8"), () => bytes);
      if (text === base) this.#deleteRecipient.run(row.seq, bytes);
    }
  }
}
