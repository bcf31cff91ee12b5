import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ensureDataDir } from "@countersign/host";
import type { RunningSandbox } from "./start_sandbox.ts";

/**
 * Writes `sandbox/sandbox.json` in a data folder: where the sandbox listens and with which keys, for the gateway and
 * for tests. Whoever reads it finds it whole, and nobody else on the machine can. Returns its path.
 */
export async function writeSandboxFile(dataDir: string, sandbox: RunningSandbox): Promise<string> {
  const folder = join(dataDir, "sandbox");
  const path = join(folder, "sandbox.json");
  const content = {
    url: sandbox.url,
    api_key: sandbox.apiKey,
    oversight_key: sandbox.oversightKey,
    admin_key: sandbox.adminKey,
    webhook_secret: sandbox.webhookSecret,
    mailboxes: sandbox.mailboxes,
  };
  await ensureDataDir(dataDir);
  await ensureDataDir(folder);
  const temporary = `${path}.${process.pid}`;
  await writeFile(temporary, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  await rename(temporary, path);
  return path;
}
