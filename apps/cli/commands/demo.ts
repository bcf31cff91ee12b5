import { join } from "node:path";
import { parseEnv } from "@countersign/host";
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
      const settings = parseEnv(process.env);
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
