import { generateKeyPairSync, randomUUID } from "node:crypto";
import { link, open, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { isSystemError } from "../system_error.ts";

/**
 * Makes a file with a fresh Ed25519 private key, readable by its owner alone and on disk on return. When there is a file
 * already, that one stays: whoever comes first makes the key, and it is whole from the first moment.
 *
 * @throws {Error} when it cannot be written
 */
export async function createKeyFile(path: string): Promise<void> {
  const { privateKey } = generateKeyPairSync("ed25519");
  const draft = `${path}.${randomUUID()}`;
  try {
    const file = await open(draft, "wx", 0o600);
    try {
      await file.writeFile(privateKey.export({ type: "pkcs8", format: "pem" }));
      await file.sync();
    } finally {
      await file.close();
    }
    // Unlike a rename, a link fails when the name is taken.
    await link(draft, path);
    await syncFolder(dirname(path));
  } catch (error) {
    if (!isSystemError(error)) throw error;
    if (error.code !== "EEXIST")
      throw new Error(`Cannot write the signing key "${path}": ${error.code}`, { cause: error });
  } finally {
    await rm(draft, { force: true });
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
