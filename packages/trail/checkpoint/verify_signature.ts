import { verify } from "node:crypto";
import { parseTreeHead } from "./checkpoint.ts";
import { cosignedMessage, verifyMlDsa } from "./ml_dsa_cosignature.ts";
import type { NoteSignature } from "./note.ts";
import type { VerifierKey } from "./verifier_key.ts";

/** How long signatures of each type are, with the time before those of a witness. */
const SIGNATURE_BYTES: Readonly<Record<VerifierKey["type"], number>> = {
  ed25519: 64,
  cosignature: 72,
  ml_dsa_cosignature: 2428,
};

/** Whether this is a valid signature of the note's text by this key. Total. */
export function verifySignature(text: string, signature: NoteSignature, by: VerifierKey): boolean {
  if (signature.name !== by.name || signature.id !== by.id) return false;
  const bytes = signature.signature;
  if (bytes.length !== SIGNATURE_BYTES[by.type]) return false;
  if (by.type === "ed25519") return verify(null, Buffer.from(text), by.key, bytes);
  const time = Buffer.from(bytes).readBigUInt64BE();
  // tlog-cosignature: the time must not exceed 2^63 - 1.
  if (time >= 2n ** 63n) return false;
  const own = bytes.subarray(8);
  if (by.type !== "ml_dsa_cosignature")
    return verify(null, Buffer.from(cosignedText(text, time)), by.key, own);
  const head = parseTreeHead(text);
  const message = head && cosignedMessage(head, { cosigner: by.name, time });
  return message !== undefined && verifyMlDsa(own, message, by.key);
}

/** What a witness signs of a note's text, at a time in seconds since 1970 (https://c2sp.org/tlog-cosignature). */
export function cosignedText(text: string, time: bigint): string {
  return `cosignature/v1\ntime ${time}\n${text}`;
}
