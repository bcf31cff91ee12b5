import { verify } from "node:crypto";
import type { NoteSignature } from "./note.ts";
import type { VerifierKey } from "./verifier_key.ts";

/** Whether this is a valid signature of the note's text by this key. Total. */
export function verifySignature(
  text: string,
  signature: NoteSignature,
  { name, id, type, key }: VerifierKey,
): boolean {
  if (signature.name !== name || signature.id !== id) return false;
  const bytes = signature.signature;
  if (type === "ed25519") return bytes.length === 64 && verify(null, Buffer.from(text), key, bytes);
  if (bytes.length !== 72) return false;
  const time = Buffer.from(bytes).readBigUInt64BE();
  // tlog-cosignature: the time must not exceed 2^63 - 1.
  return time < 2n ** 63n && verify(null, Buffer.from(cosignedText(text, time)), key, bytes.subarray(8));
}

/** What a witness signs of a note's text, at a time in seconds since 1970 (https://c2sp.org/tlog-cosignature). */
export function cosignedText(text: string, time: bigint): string {
  return `cosignature/v1\ntime ${time}\n${text}`;
}
