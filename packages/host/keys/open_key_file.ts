import { createPrivateKey, type KeyObject } from "node:crypto";
import { isSystemError } from "../system_error.ts";
import { createKeyFile } from "./_create_key_file.ts";
import { readKeyFile } from "./_read_key_file.ts";

/**
 * The Ed25519 private key in a file, which is made if there is none, readable by its owner alone. Of several processes that
 * make it at once all get the same.
 *
 * @throws {Error} that says what to do when it is no such key, cannot be read, or can be read by others
 */
export async function openKeyFile(path: string): Promise<KeyObject> {
  const key = await existingKey(path);
  if (key !== undefined) return key;
  await createKeyFile(path);
  return parseKey(await readKeyFile(path), `"${path}"`);
}

/**
 * The key in a file; undefined: there is no file.
 *
 * @throws {Error} that says what to do
 */
export async function existingKey(path: string): Promise<KeyObject | undefined> {
  try {
    return parseKey(await readKeyFile(path), `"${path}"`);
  } catch (error) {
    if (error instanceof Error && isSystemError(error.cause) && error.cause.code === "ENOENT")
      return undefined;
    throw error;
  }
}

/**
 * Reads an Ed25519 private key in PEM; `name` is what people call it. Neither the error nor its cause shows anything of it.
 *
 * @throws {Error} that says how to make one
 */
export function parseKey(pem: string, name: string): KeyObject {
  let key: KeyObject | undefined;
  try {
    key = createPrivateKey(pem);
  } catch {
    // Said below.
  }
  if (key?.asymmetricKeyType === "ed25519") return key;
  throw new Error(
    `Cannot use the signing key ${name}: it is no Ed25519 private key in PEM without a password; make one with openssl genpkey -algorithm ed25519`,
  );
}
