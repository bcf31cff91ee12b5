import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseEnv, type Settings } from "@countersign/host";
import { Command } from "commander";
import { untilSignal } from "../terminal/until_signal.ts";

/** `countersign demo`, which is `npm run demo`: the main job, end to end, on a local MultiMail. */
export function demoCommand(): Command {
  return new Command("demo")
    .description("play one real scenario on a local MultiMail, then keep serving until Ctrl-C")
    .option("--once", "play the scenario and end: 0 when every step came out right, 1 otherwise")
    .action(async ({ once }: { once?: boolean }) => {
      // Loaded here: commands that serve nothing need not wait for what serves.
      const { startDemo } = await import("../demo/start_demo.ts");
      const { playDemo } = await import("../demo/play_demo.ts");
      const { showHowToTry } = await import("../demo/show_how_to_try.ts");
      const given = parseEnv(process.env);
      const settings = { ...given, teamsDir: existsSync(given.teamsDir) ? given.teamsDir : ownTeams(given) };
      const demo = await startDemo(settings);
      try {
        const allRight = await playDemo(demo);
        if (once || !allRight) {
          process.exitCode = allRight ? 0 : 1;
          return;
        }
        showHowToTry(demo, join(settings.dataDir, "demo"));
        await untilSignal();
      } finally {
        await demo.close();
      }
    });
}

/** The product's own example, where there is no folder and none was named: of the package, or of the repository. */
function ownTeams({ teamsDir }: Settings): string {
  if (process.env.TEAMS_DIR !== undefined) return teamsDir;
  const places = ["../teams", "../../../teams"].map((path) => fileURLToPath(new URL(path, import.meta.url)));
  return places.find((place) => existsSync(place)) ?? teamsDir;
}
