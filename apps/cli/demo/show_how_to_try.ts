import { join } from "node:path";
import type { RunningDemo } from "./start_demo.ts";

/** In a checkout npx finds our command; elsewhere that name alone is not ours, and the package must be named. */
const COUNTERSIGN = import.meta.url.endsWith(".ts")
  ? "npx countersign"
  : "npx --package @countersign/cli countersign";

/** Prints how to try the demo that serves. Its keys work on this demo only, and end with it. */
export function showHowToTry({ file, console: { url, lead } }: RunningDemo, demoDir: string): void {
  const sales = file.teams.find(({ team }) => team === "sales") ?? file.teams[0];
  const key = sales?.assistants[0]?.key ?? "";
  console.log(`
Ready: the gateway serves on ${file.gateway}, the console on ${url}, the local MultiMail on
${file.sandbox.url}. Ctrl-C ends them.

Decide on what waits, as ${lead} (the link works once, for ten minutes):

  ${file.console}

As somebody else, the second of two approvers or an auditor for one:

  DATA_DIR=${demoDir} TEAMS_DIR=${join(demoDir, "teams")} ${COUNTERSIGN} console link cfo@acme.example
  DATA_DIR=${demoDir} TEAMS_DIR=${join(demoDir, "teams")} ${COUNTERSIGN} console link auditor@acme.example

Send as ${sales?.team}/${sales?.assistants[0]?.id}:

  curl -s ${file.gateway}/v1/send -H 'Authorization: Bearer ${key}' -H 'Content-Type: application/json' \\
    -d '{"to":"jane@client.example","subject":"Hello","body":"Shall we talk on Tuesday?"}'

For Dust, or any MCP client, as the same assistant:

  URL ${file.mcp}   bearer token ${key}

See the trail:      DATA_DIR=${demoDir} ${COUNTERSIGN} audit list
See the outbox:     curl -s ${file.sandbox.url}/sandbox/outbox
All keys and ids:   ${join(demoDir, "demo.json")}`);
}
