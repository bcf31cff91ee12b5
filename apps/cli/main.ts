import { runCli } from "./run_cli.ts";

for (const stream of [process.stdout, process.stderr])
  stream.on("error", (error: NodeJS.ErrnoException) => {
    // Whoever reads the output may stop reading: `countersign audit list | head`.
    if (error.code === "EPIPE") process.exit();
    console.error(`Cannot write the output: ${error.message}`);
    process.exit(1);
  });

await runCli(process.argv.slice(2));
