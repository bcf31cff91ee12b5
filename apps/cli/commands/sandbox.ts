import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ensureDataDir, parseEnv } from "@countersign/host";
import type { RunningSandbox } from "@countersign/sandbox";
import { Command } from "commander";
import { requirePolicies } from "../policy/require_policies.ts";
import { untilSignal } from "../terminal/until_signal.ts";

/** `countersign sandbox`, which is `npm run sandbox`: the local MultiMail alone, until Ctrl-C or SIGTERM. */
export function sandboxCommand(): Command {
  return new Command("sandbox")
    .description(
      "serve a local MultiMail with the mailboxes that the policies name; all is in memory, until Ctrl-C",
    )
    .addHelpText("after", "\nIts address and keys are in DATA_DIR/sandbox/sandbox.json.")
    .action(async () => {
      // From the first moment: whoever ends it while it starts is heard.
      const stopped = untilSignal();
      const { startSandbox } = await import("@countersign/sandbox");
      const { host, sandboxPort: port, dataDir, teamsDir } = parseEnv(process.env);
      const sandbox = await startSandbox({ host, port, policies: await requirePolicies(teamsDir) });
      const file = await writeSandboxFile(dataDir, sandbox);
      const count = sandbox.mailboxes.length;
      const mailboxes = `${count} ${count === 1 ? "mailbox" : "mailboxes"}`;
      console.log(`Sandbox listens on ${sandbox.url} with ${mailboxes}; its keys are in ${file}`);
      await stopped;
      await sandbox.close();
    });
}

/**
 * Writes `sandbox/sandbox.json` in a data folder: where the sandbox listens and with which keys, for the gateway and
 * for tests. Whoever reads it finds it whole, and nobody else on the machine can. Returns its path.
 */
async function writeSandboxFile(dataDir: string, sandbox: RunningSandbox): Promise<string> {
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
