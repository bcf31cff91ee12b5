import { createPublicKey, type KeyObject, sign } from "node:crypto";
import type { NoteSignature } from "./note.ts";
import type { VerifierKey } from "./verifier_key.ts";
import { createVerifierKey } from "./verifier_key.ts";

/** Signs notes in a name. Its private key cannot be got out of it. */
export interface NoteSigner {
  /** What others verify its signatures by. */
  readonly key: VerifierKey;
  readonly sign: (text: string) => NoteSignature;
}

/**
 * A signer for this name and this Ed25519 private key.
 *
 * @throws {NoteError} when the name cannot be one
 * @throws {TypeError} when it is another kind of key
 */
export function createNoteSigner(name: string, privateKey: KeyObject): NoteSigner {
  if (privateKey.type !== "private" || privateKey.asymmetricKeyType !== "ed25519")
    throw new TypeError("Cannot sign with this key: want an Ed25519 private key");
  const { x = "" } = createPublicKey(privateKey).export({ format: "jwk" });
  const key = createVerifierKey(name, Buffer.from(x, "base64url"));
  return {
    key,
    sign: (text) => ({ name, id: key.id, signature: sign(null, Buffer.from(text), privateKey) }),
  };
}
