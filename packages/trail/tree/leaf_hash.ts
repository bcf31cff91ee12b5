import { sha256 } from "./_sha256.ts";

/** SHA-256 of a zero byte and the leaf's bytes (RFC 6962 §2.1); a string counts as its UTF-8. 32 bytes. */
export function leafHash(leaf: string | Uint8Array): Uint8Array {
  return sha256(typeof leaf === "string" ? `\0${leaf}` : Buffer.concat([ZERO, leaf]));
}

const ZERO = Buffer.of(0);
