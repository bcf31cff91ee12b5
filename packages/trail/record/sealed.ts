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
