import { createHmac, randomFillSync } from "node:crypto";

/** HMAC-SHA256 of a value under its own random salt, hexadecimal: all that a record keeps of what may be erased. */
export type Commitment = string;

/** What a sealed value is, so that roles and erasure can tell them apart. */
export type SealedKind =
  | "address"
  | "subject"
  | "body"
  | "attachment_name"
  | "attachment"
  | "caller_key"
  | "text";

/** A value kept beside the records, with the salt that its commitment was made with. Both can be erased. */
export interface Sealed {
  readonly commitment: Commitment;
  /** 32 random bytes. */
  readonly salt: Uint8Array;
  readonly kind: SealedKind;
  /** UTF-8 text; base64 for an attachment. */
  readonly value: string;
}

/**
 * The commitment to a value: HMAC-SHA256 in lower-case hexadecimal, with the 32 bytes of `salt` as key, over the UTF-8 of
 * `kind`, one zero byte, and the UTF-8 of `value`. The value of kind `address` is the canonical address, or the raw text
 * when it is no address; an attachment's is its base64.
 *
 * @example
 * ```sh
 * printf 'subject\0Invoice 42' | openssl mac -digest SHA256 -macopt hexkey:$SALT_HEX HMAC | tr A-F a-f
 * ```
 */
export function commitmentOf(salt: Uint8Array, kind: SealedKind, value: string): Commitment {
  return createHmac("sha256", salt).update(`${kind}\0${value}`).digest("hex");
}

/**
 * Commits to a value under a fresh salt of 32 random bytes: sealed twice, it has two commitments that nobody can link.
 * Half a surrogate pair, which has no UTF-8, becomes U+FFFD in what is kept, as it does in what is committed to: whatever
 * a store makes of it, the value that comes back is the one that was sealed.
 */
export function seal(text: string, kind: SealedKind): Sealed {
  const salt = freshSalt();
  const value = text.toWellFormed();
  return { commitment: commitmentOf(salt, kind, value), salt, kind, value };
}

const SALT_BYTES = 32;

/** Random bytes that no salt has had: the system is asked once for 256 salts. */
const pool = Buffer.alloc(256 * SALT_BYTES);
let used = pool.length;

function freshSalt(): Uint8Array {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const end = used + SALT_BYTES;
  const salt = Uint8Array.prototype.slice.call(pool, used, end);
  // Whoever reads the memory later finds no salt of an erased value.
  pool.fill(0, used, end);
  used = end;
  return salt;
}

/**
 * Collects the values of one entry while its data is put together.
 *
 * @example
 * ```ts
 * import { Sealer } from "@countersign/trail";
 *
 * const sealer = new Sealer();
 * const data = { subject: sealer.seal("subject", "Invoice 42") };
 * const entry = { kind: "readback", data, sealed: sealer.values };
 * ```
 */
export class Sealer {
  readonly #values: Sealed[] = [];

  /** Seals the value and returns its commitment, which the record is to name. */
  seal(kind: SealedKind, value: string): Commitment {
    const sealed = seal(value, kind);
    this.#values.push(sealed);
    return sealed.commitment;
  }

  /** The same; of nothing there is no commitment. */
  sealIfAny(kind: SealedKind, value: string | null): Commitment | null {
    return value === null ? null : this.seal(kind, value);
  }

  /** What was sealed so far, in order. */
  get values(): readonly Sealed[] {
    return this.#values;
  }
}
