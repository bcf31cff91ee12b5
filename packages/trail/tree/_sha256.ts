import { hash } from "node:crypto";

/** SHA-256 as 32 bytes. By way of a string, whose bytes come from a pool: a buffer of its own for each costs twice the time. */
export function sha256(input: string | Uint8Array): Uint8Array {
  return Buffer.from(hash("sha256", input, "binary"), "latin1");
}
