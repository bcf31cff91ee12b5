import { generateKeyPairSync, sign } from "node:crypto";
import { cosignedText } from "../checkpoint/verify_signature.ts";
import { createVerifierKey, type NoteSignature, type VerifierKey } from "../mod.ts";

/** A witness' key. */
export interface Cosigner {
  readonly key: VerifierKey;
  /** Cosigns a checkpoint's text, at a time in seconds since 1970. */
  readonly sign: (text: string, time?: bigint) => NoteSignature;
}

/** A fresh key of a witness with this name. */
export function createCosigner(name: string): Cosigner {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const { x = "" } = publicKey.export({ format: "jwk" });
  const key = createVerifierKey(name, Buffer.from(x, "base64url"), "cosignature");
  return {
    key,
    sign: (text, time = 1_790_000_000n) => {
      const stamp = Buffer.alloc(8);
      stamp.writeBigUInt64BE(time);
      const signature = Buffer.concat([stamp, sign(null, Buffer.from(cosignedText(text, time)), privateKey)]);
      return { name, id: key.id, signature };
    },
  };
}
