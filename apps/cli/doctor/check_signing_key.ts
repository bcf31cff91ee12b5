import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "@countersign/host";
import { openSigningKey, parseEnv, SIGNING_KEY_FILE } from "@countersign/host";
import type { Diagnosis } from "../plan/diagnosis.ts";

const WHAT = "signing key";

/** The key that signs checkpoints can be read, by its owner alone, and is Ed25519. */
export async function checkSigningKey(env: Environment): Promise<readonly Diagnosis[]> {
  const settings = parseEnv(env, ["auditSigningKey", "dataDir"]);
  const path = join(settings.dataDir, SIGNING_KEY_FILE);
  if (settings.auditSigningKey === undefined && !existsSync(path)) {
    const message = "AUDIT_SIGNING_KEY is not set: the gateway makes one in DATA_DIR";
    return [{ what: WHAT, level: "ok", message }];
  }
  // Opened as the gateway does: what it throws says what to do.
  const { source, previous } = await openSigningKey(settings);
  const name = source === "environment" ? "AUDIT_SIGNING_KEY" : `"${path}"`;
  const found: Diagnosis = {
    what: WHAT,
    level: "ok",
    message: `${name} is an Ed25519 key that others cannot read`,
  };
  if (previous === undefined) return [found];
  const message = `"${path}" is the key from before AUDIT_SIGNING_KEY was set`;
  const todo =
    "Start the gateway, or run countersign audit checkpoint: it vouches for the new one, and is removed";
  return [found, { what: WHAT, level: "warning", message, todo }];
}
