import { createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CONSOLE_VERIFIER_FILE, existingKey, openKeyFile, parseKey } from "@countersign/host";
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
 * Opens the console's key, which is made if there is none, and puts the verifier key into the folder, readable by everybody
 * who can enter it. The key is in the folder too, or, if several consoles agree on one, where they share it; what the folder
 * had before they did is the one that they agree on.
 *
 * @throws {Error} that says what to do
 */
export async function openConsoleKey(
  folder: string,
  agreeOnKey?: (offered: () => string) => Promise<string>,
): Promise<ConsoleKey> {
  const path = join(folder, KEY_FILE);
  const key = agreeOnKey === undefined ? await openKeyFile(path) : await sharedKey(path, agreeOnKey);
  const { x = "" } = createPublicKey(key).export({ format: "jwk" });
  const verifier = createVerifierKey(KEY_NAME, Buffer.from(x, "base64url"));
  const verifierPath = join(folder, CONSOLE_VERIFIER_FILE);
  const draft = `${verifierPath}.${process.pid}`;
  await writeFile(draft, `${verifier.text}\n`, { mode: 0o644 });
  await rename(draft, verifierPath);
  return { key, verifier };
}

async function sharedKey(
  path: string,
  agreeOnKey: (offered: () => string) => Promise<string>,
): Promise<KeyObject> {
  const own = await existingKey(path);
  const pemOf = (key: KeyObject) => String(key.export({ type: "pkcs8", format: "pem" }));
  const pem = await agreeOnKey(() => pemOf(own ?? generateKeyPairSync("ed25519").privateKey));
  const key = parseKey(pem, "of CONSOLE_DATABASE_URL");
  if (own !== undefined && pemOf(own) !== pemOf(key))
    throw new Error(
      `Cannot start the console: "${path}" is another key than the one that the consoles on CONSOLE_DATABASE_URL share; what was decided with it would not count; decide what waits there first, then move it away`,
    );
  return key;
}
