import { createHash, createPublicKey, type KeyObject } from "node:crypto";
import { decodeBase64 } from "./decode_base64.ts";
import { KEY_NAME, NoteError } from "./note.ts";

/** A public key by which signatures of notes are verified (https://c2sp.org/signed-note). */
export type VerifierKey = {
  readonly name: string;
  /** 8 hexadecimal digits. */
  readonly id: string;
  /** The whole key as people hand it on: `<name>+<id>+<base64>`. */
  readonly text: string;
} & (
  | {
      /** Type 0x01: signs a note's text. */
      readonly type: "ed25519";
      readonly key: KeyObject;
    }
  | {
      /** Type 0x04: a witness', of Ed25519, which signs the text with the time (https://c2sp.org/tlog-cosignature). */
      readonly type: "cosignature";
      readonly key: KeyObject;
    }
  | {
      /** Type 0x06: a witness', of ML-DSA-44 (FIPS 204), which signs the tree head, the time and its own name. */
      readonly type: "ml_dsa_cosignature";
      /** Encoded. */
      readonly key: Uint8Array;
    }
);

/** C2SP's byte for each type of key. */
export const KEY_TYPES: Readonly<Record<VerifierKey["type"], number>> = {
  ed25519: 1,
  cosignature: 4,
  ml_dsa_cosignature: 6,
};

/** How many bytes a public key of each type has. */
const KEY_BYTES: Readonly<Record<VerifierKey["type"], number>> = {
  ed25519: 32,
  cosignature: 32,
  ml_dsa_cosignature: 1312,
};

/** Whether this is a key of somebody who cosigns what others signed. */
export function isWitnessKey({ type }: VerifierKey): boolean {
  return type !== "ed25519";
}

/** How a key is named where the whole of it is not needed: `<name>+<key id>`. */
export function keyLabel({ name, id }: { readonly name: string; readonly id: string }): string {
  return `${name}+${id}`;
}

/** RFC 8410: what stands before the 32 bytes in the DER form of an Ed25519 public key. */
const SPKI = Buffer.from("302a300506032b6570032100", "hex");

/**
 * The verifier key of a name and an encoded public key: of Ed25519 (RFC 8032), or of ML-DSA-44 (FIPS 204) for its type. Its
 * id is the beginning of SHA-256(name ‖ 0x0A ‖ type ‖ public key).
 *
 * @throws {NoteError} when the name cannot be one, or the key has another length
 */
export function createVerifierKey(
  name: string,
  publicKey: Uint8Array,
  type: VerifierKey["type"] = "ed25519",
): VerifierKey {
  if (!KEY_NAME.test(name))
    throw new NoteError("Cannot name a key so: want 1 to 255 characters without spaces and plus signs");
  if (publicKey.length !== KEY_BYTES[type]) {
    const algorithm = type === "ml_dsa_cosignature" ? "ML-DSA-44" : "Ed25519";
    throw new NoteError(
      `Cannot use a public key of ${publicKey.length} bytes: ${algorithm} has ${KEY_BYTES[type]}`,
    );
  }
  const typed = Buffer.concat([Buffer.of(KEY_TYPES[type]), publicKey]);
  const id = createHash("sha256").update(`${name}\n`).update(typed).digest("hex").slice(0, 8);
  const named = { name, id, text: `${name}+${id}+${typed.toString("base64")}` };
  if (type === "ml_dsa_cosignature") return { ...named, type, key: publicKey };
  const key = createPublicKey({ key: Buffer.concat([SPKI, publicKey]), format: "der", type: "spki" });
  return { ...named, type, key };
}

/**
 * Reads a verifier key (https://c2sp.org/signed-note): `<name>+<id>+<base64>`.
 *
 * @throws {NoteError} when it is none, its id is not that of its key, or its type is unknown here
 */
export function parseVerifierKey(text: string): VerifierKey {
  const [, name = "", id = "", base64 = ""] = /^([^+]+)\+([\da-f]{8})\+([A-Za-z\d+/=]+)$/.exec(text) ?? [];
  const bytes = decodeBase64(base64);
  const type = TYPES.find((candidate) => KEY_TYPES[candidate] === bytes?.[0]);
  if (name === "" || bytes === undefined)
    throw unreadable('it must be "<name>+<8 hexadecimal digits>+<base64>"');
  if (type === undefined) throw unreadable("its type is neither Ed25519 (1) nor a cosignature's (4, 6)");
  const key = createVerifierKey(name, bytes.subarray(1), type);
  if (key.id !== id) throw unreadable(`its id must be ${key.id}, got ${id}`);
  return key;
}

const TYPES = Object.keys(KEY_TYPES) as readonly VerifierKey["type"][];

function unreadable(why: string): NoteError {
  return new NoteError(`Cannot read a verifier key: ${why}`);
}
