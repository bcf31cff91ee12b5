import { createPrivateKey } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseEnv } from "@countersign/host";
import type { Finding } from "../plan/finding.ts";
import type { Environment } from "./check.ts";

const WHAT = "signing key";

/** The key that signs checkpoints can be read, by its owner alone, and is Ed25519. */
export async function checkSigningKey(env: Environment): Promise<readonly Finding[]> {
  const { auditSigningKey } = parseEnv(env, ["auditSigningKey"]);
  if (auditSigningKey === undefined) {
    return [
      { what: WHAT, level: "ok", message: "AUDIT_SIGNING_KEY is not set: the gateway keeps one in DATA_DIR" },
    ];
  }
  const path = auditSigningKey.startsWith("file:") ? pathOf(auditSigningKey) : undefined;
  if (!isEd25519(path === undefined ? auditSigningKey : await readKey(path))) {
    const todo = "Make one: openssl genpkey -algorithm ed25519";
    return [
      { what: WHAT, level: "problem", message: "AUDIT_SIGNING_KEY is no Ed25519 private key in PEM", todo },
    ];
  }
  if (path !== undefined && process.platform !== "win32" && ((await stat(path)).mode & 0o077) !== 0) {
    return [
      { what: WHAT, level: "problem", message: `"${path}" can be read by others`, todo: `chmod 600 ${path}` },
    ];
  }
  return [{ what: WHAT, level: "ok", message: "AUDIT_SIGNING_KEY is an Ed25519 key" }];
}

function pathOf(text: string): string {
  return text.startsWith("file://") ? fileURLToPath(text) : text.slice("file:".length);
}

async function readKey(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new Error(`Cannot read the signing key "${path}"`, { cause });
  }
}

function isEd25519(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === "ed25519";
  } catch {
    return false;
  }
}
