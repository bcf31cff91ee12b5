import type { RunningGateway } from "@countersign/gateway";
import { GATEWAY_SETTINGS, parseEnv } from "@countersign/host";
import { Command } from "commander";
import { requirePolicies } from "../policy/require_policies.ts";
import { untilSignal } from "../terminal/until_signal.ts";

/** `countersign serve`, which is `npm start`: serves until Ctrl-C or SIGTERM. `SIGHUP` reloads the policies. */
export function serveCommand(): Command {
  return new Command("serve")
    .description("serve the gateway for real: needs MultiMail's API keys and the policies in TEAMS_DIR")
    .action(async () => {
      let gateway: RunningGateway | undefined;
      // From the first moment: a process that does not listen to this signal is ended by it.
      process.on("SIGHUP", () => void gateway?.reload());
      // Loaded here: commands that serve nothing need not wait for what serves.
      const { startGateway } = await import("@countersign/gateway");
      const settings = parseEnv(process.env, GATEWAY_SETTINGS);
      const { teamsDir } = settings;
      const policies = await requirePolicies(teamsDir);
      gateway = await startGateway({ settings, policies, teamsDir, env: process.env });
      console.error(`Countersign serves ${policies.teams.size} teams on ${gateway.url}; Ctrl-C ends it`);
      await untilSignal();
      await gateway.close();
      // What could not end in time keeps no process alive.
      setTimeout(() => process.exit(), 1_000).unref();
    });
}
