import { once } from "node:events";
import { formatProblem } from "@countersign/core/policy";
import { loadTeams, parseEnv } from "@countersign/host";
import { startGateway } from "../../start_gateway.ts";

// A gateway to be killed, as `countersign serve` starts it. It is loaded before it is needed and says so, begins when a
// line comes, which is a fail point or empty, and prints its address when it serves.

/** How long MultiMail may take to answer: a test that lets it hang cannot wait for the usual 10 s. */
const MULTIMAIL_TIMEOUT_MS = 500;

// It does not outlive the test.
process.stdin.once("end", () => process.exit(1));
console.log("loaded");
const [line] = (await once(process.stdin, "data")) as [Buffer];
const failPoint = line.toString().trim();
const env = { ...process.env, ...(failPoint !== "" && { COUNTERSIGN_FAILPOINT: failPoint }) };
const settings = parseEnv(env);
const teams = await loadTeams(settings.teamsDir);
if (!teams.ok) throw new Error(teams.problems.map(formatProblem).join("\n"));
const { policies } = teams;
const gateway = await startGateway({ settings, policies, env, multimailTimeoutMs: MULTIMAIL_TIMEOUT_MS });
process.once("SIGTERM", async () => {
  await gateway.close();
  process.exit(0);
});
console.log(gateway.url);
