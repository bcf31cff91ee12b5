import { parseEnv } from "@countersign/host";
import { Command } from "commander";
import { loadPolicies } from "../load_policies.ts";
import { untilSignal } from "../until_signal.ts";

/** `countersign serve`, which is `npm start`: serves until Ctrl-C or SIGTERM. */
export function serveCommand(): Command {
  return new Command("serve")
    .description("serve the gateway for real: needs MultiMail's API keys and the policies in TEAMS_DIR")
    .action(async () => {
      // Loaded here: commands that serve nothing need not wait for what serves.
      const { startGateway } = await import("@countersign/gateway");
      const settings = parseEnv(process.env);
      const policies = await loadPolicies(settings.teamsDir);
      const gateway = await startGateway({ settings, policies, env: process.env });
      console.error(`Countersign serves ${policies.teams.size} teams on ${gateway.url}; Ctrl-C ends it`);
      await untilSignal();
      await gateway.close();
    });
}
