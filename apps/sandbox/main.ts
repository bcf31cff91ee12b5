import { formatProblem } from "@countersign/core/policy";
import { loadTeams, parseEnv } from "@countersign/host";
import { takeArguments } from "@countersign/host/arguments";
import { startSandbox } from "./start_sandbox.ts";
import { writeSandboxFile } from "./write_sandbox_file.ts";

const USAGE = `Usage: npm run sandbox

Serves a local MultiMail with the mailboxes that the teams name, until Ctrl-C or SIGTERM. Everything is in memory.

  SANDBOX_PORT  where it listens (8788; 0: any free port), on HOST (127.0.0.1)
  TEAMS_DIR     the teams' files (./teams)
  DATA_DIR      sandbox/sandbox.json in it gets the address and the keys (./data)`;

async function main(): Promise<void> {
  const stopped = new Promise((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
  });
  const settings = parseEnv(process.env);
  const teams = await loadTeams(settings.teamsDir);
  if (!teams.ok) {
    throw new Error(
      `Cannot use the policies in "${settings.teamsDir}":\n${teams.problems.map(formatProblem).join("\n")}`,
    );
  }
  const sandbox = await startSandbox({
    host: settings.host,
    port: settings.sandboxPort,
    policies: teams.policies,
  });
  const file = await writeSandboxFile(settings.dataDir, sandbox);
  const count = sandbox.mailboxes.length;
  const mailboxes = `${count} ${count === 1 ? "mailbox" : "mailboxes"}`;
  console.log(`Sandbox listens on ${sandbox.url} with ${mailboxes}; its keys are in ${file}`);
  await stopped;
  await sandbox.close();
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

takeArguments({ usage: USAGE, options: {}, read: () => undefined });
try {
  await main();
  process.exit(0);
} catch (error) {
  console.error(messageOf(error));
  process.exit(1);
}
