import type { KeyObject } from "node:crypto";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import type { Settings } from "../env/settings.ts";
import { createKeyFile } from "./_create_key_file.ts";
import { openSigningKey, SIGNING_KEY_FILE } from "./open_signing_key.ts";

/** A generated key and the one that is to take its place. */
export interface KeyRotation {
  readonly key: KeyObject;
  readonly previous: KeyObject;
  /** Puts the new key in the place of the previous one, which is gone then. */
  readonly retire: () => Promise<void>;
}

/**
 * Makes the key that follows the generated one, beside it. What was begun and not ended by `retire` goes on with the same key.
 *
 * @throws {Error} when `AUDIT_SIGNING_KEY` is set: that key is the operator's to exchange
 */
export async function rotateSigningKey(
  settings: Pick<Settings, "auditSigningKey" | "dataDir">,
): Promise<KeyRotation> {
  if (settings.auditSigningKey !== undefined) {
    throw new Error(
      "Cannot make a new signing key: AUDIT_SIGNING_KEY is set, so set it to a new one, and let the old one vouch for it with audit checkpoint --previous-key file:/path",
    );
  }
  const { key: previous } = await openSigningKey(settings);
  const path = join(settings.dataDir, SIGNING_KEY_FILE);
  const next = `${path}.next`;
  await createKeyFile(next);
  const { key } = await openSigningKey({ ...settings, auditSigningKey: `file:${next}` });
  return { key, previous, retire: () => rename(next, path) };
}
