import type Database from "better-sqlite3";
import { sealedBase } from "../_derived.ts";
import { unpackValue } from "../_pack_value.ts";
import { MAX_SEALED } from "../_prepare_entry.ts";
import type { ErasureData } from "../erasure_data.ts";

type Row = {
  readonly id: number;
  readonly seq: number;
  readonly kind: string;
  readonly value: string | Uint8Array;
};

/** Removes sealed values with their salts, and under what their records were found. */
export class Eraser {
  readonly #find: Database.Statement<[Uint8Array], Row>;
  readonly #delete: Database.Statement<[number]>;
  readonly #deleteRecipient: Database.Statement<[number, string]>;
  readonly #deleteBelow: Database.Statement<[number, string]>;
  readonly #deleteRecipientsBelow: Database.Statement<[number]>;

  constructor(db: Database.Database) {
    this.#find = db.prepare("SELECT id, seq, kind, value FROM sealed WHERE commitment = ?");
    this.#delete = db.prepare("DELETE FROM sealed WHERE id = ?");
    this.#deleteRecipient = db.prepare("DELETE FROM recipients WHERE seq = ? AND base = ?");
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
    const row = this.#find.get(commitment);
    if (row === undefined) return;
    this.#delete.run(row.id);
    if (row.kind === "address") this.#deleteRecipient.run(row.seq, sealedBase(unpackValue(row.value)));
  }
}
