import { once } from "node:events";
import { formatProblem } from "@countersign/core/policy";
import { CONSOLE_SETTINGS, loadTeams, parseEnv } from "@countersign/host";
import { printSignInLink, startConsole } from "../start_console.ts";

// A console to be killed, as `countersign console` starts it. It is loaded before it is needed and says so, begins when a line
// comes, which is a point at which it kills itself or empty, and prints its address when it serves.

// With an address it prints a sign-in link instead.

const [, , address] = process.argv;
const settings = parseEnv(process.env, CONSOLE_SETTINGS);
if (address !== undefined) {
  const teams = await loadTeams(settings.teamsDir);
  if (!teams.ok) throw new Error(teams.problems.map(formatProblem).join("\n"));
  console.log(await printSignInLink(address, { settings, policies: teams.policies }));
  process.exit(0);
}
process.stdin.once("end", () => process.exit(1));
console.log("loaded");
const [line] = (await once(process.stdin, "data")) as [Buffer];
const [point = "", passage = "1"] = line.toString().trim().split(":");
const teams = await loadTeams(settings.teamsDir);
if (!teams.ok) throw new Error(teams.problems.map(formatProblem).join("\n"));
let left = Number(passage);
const running = await startConsole({
  settings,
  policies: teams.policies,
  teamsDir: settings.teamsDir,
  env: process.env,
  // Links stand for people here.
  demo: true,
  failPoint: (passed) => {
    if (passed === point && --left === 0) process.kill(process.pid, "SIGKILL");
  },
});
process.once("SIGTERM", async () => {
  await running.close();
  process.exit(0);
});
console.log(running.url);
