import { createPublicKey, type KeyObject } from "node:crypto";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CONSOLE_VERIFIER_FILE, openKeyFile } from "@countersign/host";
import { createVerifierKey, type VerifierKey } from "@countersign/trail";

/** Name of the private key's file in the console's folder. */
const KEY_FILE = "console_signing_key.pem";

/** What the console's key is called (https://c2sp.org/signed-note). */
const KEY_NAME = "countersign/console";

/** The Ed25519 key with which the console signs what people decide. */
export interface ConsoleKey {
  /** Private. */
  readonly key: KeyObject;
  readonly verifier: VerifierKey;
}

/**
 * Opens the console's key, which is made if there is none, and puts the verifier key beside it, readable by everybody who can
 * enter the folder.
 *
 * @throws {Error} that says what to do
 */
export async function openConsoleKey(folder: string): Promise<ConsoleKey> {
  const key = await openKeyFile(join(folder, KEY_FILE));
  const { x = "" } = createPublicKey(key).export({ format: "jwk" });
  const verifier = createVerifierKey(KEY_NAME, Buffer.from(x, "base64url"));
  const path = join(folder, CONSOLE_VERIFIER_FILE);
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, `${verifier.text}\n`, { mode: 0o644 });
  await rename(draft, path);
  return { key, verifier };
}
