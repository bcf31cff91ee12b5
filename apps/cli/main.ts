import { runCli } from "./run_cli.ts";

// Whoever reads the output may stop reading: `countersign audit list | head`.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit();
  throw error;
});

await runCli(process.argv.slice(2));
