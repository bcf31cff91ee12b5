import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { RunningGateway } from "@countersign/gateway";
import { GATEWAY_SETTINGS, parseEnv } from "@countersign/host";
import { Command } from "commander";
import { requirePolicies } from "../policy/require_policies.ts";
import { untilSignal } from "../terminal/until_signal.ts";

/** How much the heap may grow until garbage is collected; sending email takes no more of the processor by it. */
const HEAP_GROWING_PERCENT = 50;

/** `countersign serve`, which is `npm start`: serves until Ctrl-C or SIGTERM. `SIGHUP` reloads the policies. */
export function serveCommand(): Command {
  return new Command("serve")
    .description("serve the gateway for real: needs MultiMail's API keys and the policies in TEAMS_DIR")
    .action(async () => {
      let gateway: RunningGateway | undefined;
      // From the first moment: a process that does not listen to this signal is ended by it.
      process.on("SIGHUP", () => void gateway?.reload());
      const settings = parseEnv(process.env, GATEWAY_SETTINGS);
      const { teamsDir } = settings;
      // Loaded here: commands that serve nothing need not wait for what serves. It is loaded while policies are, by turns.
      const [policies, { startGateway }] = await Promise.all([
        requirePolicies(teamsDir),
        import("@countersign/gateway"),
      ]);
      // By itself V8 lets old garbage grow to as much as what is in use, or more: nobody else would get that memory. Not
      // before policies are loaded: of those there is much, all of it is kept, and what loading left is collected now.
      setFlagsFromString(`--heap-growing-percent=${HEAP_GROWING_PERCENT}`);
      collectGarbage();
      gateway = await startGateway({ settings, policies, teamsDir, env: process.env });
      console.error(`Countersign serves ${policies.teams.size} teams on ${gateway.url}; Ctrl-C ends it`);
      await untilSignal();
      await gateway.close();
      // What could not end in time keeps no process alive.
      setTimeout(() => process.exit(), 1_000).unref();
    });
}

/**
 * Gives back what loading left behind, which is more than what is kept: V8 by itself lets it lie until somebody needs the
 * room, and gives whole pages back only where nothing is left in them, so that what is kept is moved together.
 */
function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  setFlagsFromString("--compact-on-every-full-gc");
  (runInNewContext("gc") as () => void)();
  setFlagsFromString("--no-compact-on-every-full-gc");
}
