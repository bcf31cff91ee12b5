import { KEY_TYPES } from "./_key_types.ts";
import { createVerifierKey } from "./create_verifier_key.ts";
import { decodeBase64 } from "./decode_base64.ts";
import { NoteError } from "./note.ts";
import type { VerifierKey } from "./verifier_key.ts";

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
  if (type === undefined) throw unreadable("its type is neither Ed25519 (1) nor a cosignature's (4)");
  const key = createVerifierKey(name, bytes.subarray(1), type);
  if (key.id !== id) throw unreadable(`its id must be ${key.id}, got ${id}`);
  return key;
}

const TYPES = Object.keys(KEY_TYPES) as readonly VerifierKey["type"][];

function unreadable(why: string): NoteError {
  return new NoteError(`Cannot read a verifier key: ${why}`);
}
