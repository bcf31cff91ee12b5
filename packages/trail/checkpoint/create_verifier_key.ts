import { createHash, createPublicKey } from "node:crypto";
import { KEY_NAME } from "./_key_name.ts";
import { KEY_TYPES } from "./_key_types.ts";
import { NoteError } from "./note.ts";
import type { VerifierKey } from "./verifier_key.ts";

/** RFC 8410: what stands before the 32 bytes in the DER form of an Ed25519 public key. */
const SPKI = Buffer.from("302a300506032b6570032100", "hex");

/**
 * The verifier key of a name and an Ed25519 public key of 32 bytes (RFC 8032). Its id is the beginning of
 * SHA-256(name ‖ 0x0A ‖ type ‖ public key).
 *
 * @throws {NoteError} when the name cannot be one, or the key has no 32 bytes
 */
export function createVerifierKey(
  name: string,
  publicKey: Uint8Array,
  type: VerifierKey["type"] = "ed25519",
): VerifierKey {
  if (!KEY_NAME.test(name))
    throw new NoteError("Cannot name a key so: want 1 to 255 characters without spaces and plus signs");
  if (publicKey.length !== 32)
    throw new NoteError(`Cannot use a public key of ${publicKey.length} bytes: Ed25519 has 32`);
  const typed = Buffer.concat([Buffer.of(KEY_TYPES[type]), publicKey]);
  const id = createHash("sha256").update(`${name}\n`).update(typed).digest("hex").slice(0, 8);
  const key = createPublicKey({ key: Buffer.concat([SPKI, publicKey]), format: "der", type: "spki" });
  return { name, id, type, key, text: `${name}+${id}+${typed.toString("base64")}` };
}
