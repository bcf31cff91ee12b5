import { CONSOLE_SETTINGS, parseEnv } from "@countersign/host";
import { Command } from "commander";
import { requirePolicies } from "../policy/require_policies.ts";
import { untilSignal } from "../terminal/until_signal.ts";
import { signInCommand, signOutCommand } from "./_console_sign_in.ts";

/** `countersign console`, which is `npm run console`: serves until Ctrl-C or SIGTERM; and what belongs to it. */
export function consoleCommand(): Command {
  return new Command("console")
    .description("Serves the console beside the gateway: where people decide, and auditors read.")
    .addHelpText("after", EXAMPLES)
    .action(async () => {
      // Loaded here: commands that serve nothing need not wait for what serves.
      const { startConsole } = await import("@countersign/console");
      const settings = parseEnv(process.env, CONSOLE_SETTINGS);
      const { teamsDir } = settings;
      const policies = await requirePolicies(teamsDir);
      const running = await startConsole({ settings, policies, teamsDir, env: process.env });
      console.error(`The console serves on ${running.url}; Ctrl-C ends it`);
      await untilSignal();
      await running.close();
      // What could not end in time keeps no process alive.
      setTimeout(() => process.exit(), 1_000).unref();
    })
    .addCommand(linkCommand())
    .addCommand(signInCommand())
    .addCommand(signOutCommand());
}

const EXAMPLES = `
It opens the gateway's trail (DATA_DIR or DATABASE_URL) and policies (TEAMS_DIR), and keeps its sessions in CONSOLE_DATA_DIR.
On this machine people sign in by a link; elsewhere CONSOLE_AUTH is oidc, and OIDC_ISSUER, OIDC_CLIENT_ID and
OIDC_CLIENT_SECRET say with whom.

Examples:
  $ countersign console
  $ countersign console link sales-lead@acme.example
  $ countersign console sign-in --console https://console.acme.example
  $ DATA_DIR=data/demo TEAMS_DIR=data/demo/teams countersign console`;

function linkCommand(): Command {
  return new Command("link")
    .description("Prints a link that signs one person in to the console: once, within ten minutes.")
    .argument("<address>", "of an approver, auditor or operator, as the policies name them")
    .option("--json", 'print {"link": …}')
    .action(async (address: string, { json }: { readonly json?: boolean }) => {
      const { printSignInLink } = await import("@countersign/console");
      const settings = parseEnv(process.env, CONSOLE_SETTINGS);
      const link = await printSignInLink(address, {
        settings,
        policies: await requirePolicies(settings.teamsDir),
      });
      console.log(json ? JSON.stringify({ link }) : link);
    });
}
