import { sha256 } from "./_sha256.ts";

/** SHA-256 of a one byte, the left and the right hash (RFC 6962 §2.1). 32 bytes. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  input.set(left, 1);
  input.set(right, 33);
  return sha256(input);
}

/** Hashing is synchronous, so one buffer serves every call. */
const input = Buffer.alloc(65, 1);
