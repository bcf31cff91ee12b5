import { createPublicKey, type KeyObject } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Settings } from "../env/settings.ts";
import { readKeyFile } from "./_read_key_file.ts";
import { existingKey, openKeyFile, parseKey } from "./open_key_file.ts";

/** The key that signs checkpoints. */
export interface SigningKey {
  /** Ed25519. */
  readonly key: KeyObject;
  /** Whose it is: the operator's, who set `AUDIT_SIGNING_KEY`, or made here. */
  readonly source: "environment" | "generated";
  /** The generated key, when the operator has set another one since. */
  readonly previous?: KeyObject;
  /** Removes the previous key. */
  readonly retire?: () => Promise<void>;
}

/** Name of the generated key's file in the data folder. */
export const SIGNING_KEY_FILE = "audit_signing_key.pem";

/**
 * Opens the key that signs checkpoints: `AUDIT_SIGNING_KEY`, or the one in the data folder, which is made if there is none.
 * Of several processes that make it at once all get the same.
 *
 * @throws {Error} that says what to do when it is no Ed25519 key, cannot be read, or can be read by others
 */
export async function openSigningKey({
  auditSigningKey,
  dataDir,
}: Pick<Settings, "auditSigningKey" | "dataDir">): Promise<SigningKey> {
  const path = join(dataDir, SIGNING_KEY_FILE);
  if (auditSigningKey === undefined) return { key: await openKeyFile(path), source: "generated" };
  const key = auditSigningKey.startsWith("file:")
    ? parseKey(await readKeyFile(pathOf(auditSigningKey)), `"${pathOf(auditSigningKey)}"`)
    : parseKey(auditSigningKey, "AUDIT_SIGNING_KEY");
  const previous = await existingKey(path);
  if (previous === undefined || createPublicKey(previous).equals(createPublicKey(key)))
    return { key, source: "environment" };
  return { key, source: "environment", previous, retire: () => rm(path, { force: true }) };
}

function pathOf(text: string): string {
  return text.startsWith("file://") ? fileURLToPath(text) : text.slice("file:".length);
}
