/**
 * How much memory a gateway takes: with one team when it starts, while 100 emails a second leave, which is what few gateways
 * ever see, after 24,000 emails as fast as they go, and with 1,000 teams. Ratios to what it takes with one team at the start.
 * PACED_SECONDS (30): of the emails at 100 a second.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { manyTeams } from "@countersign/host/testing/many-teams";
import { Pool } from "undici";
import { startBenchGateway } from "./testing/bench_gateway.ts";
import { benchEmail } from "./testing/bench_teams.ts";
import { gatewayMetrics } from "./testing/gateway_metrics.ts";
import { takeTurn } from "./testing/load.ts";
import { openLoop } from "./testing/open_loop.ts";
import { startProgram } from "./testing/start_program.ts";

const TEAMS = 1_000;
const EMAILS = 24_000;
const PACE = { perSecond: 100, seconds: Number(process.env.PACED_SECONDS ?? 30) / 2, atOnce: 1_000 };
/** Each turn is so long, until there are enough, but no more than so many. */
const TURN = { connections: 32, seconds: 3 };
const MAX_TURNS = 20;
/** What was kept for work that is over has been collected by then. */
const REST_MS = 5_000;

const stub = await startProgram(
  ["--import", "tsx", fileURLToPath(new URL("./testing/stub_upstream.ts", import.meta.url))],
  { STUB_TEAMS: String(TEAMS) },
);

const gateway = await startBenchGateway({ upstream: stub.url });
await sleep(REST_MS);
const { megabytes: atStart } = await gatewayMetrics(gateway.url);
tell("memory with one team, at the start", atStart);
let sent = 0;
const target = {
  url: `${gateway.url}/v1/send`,
  headers: { authorization: `Bearer ${gateway.key}` },
  says: '"status":"queued"',
  body: () => JSON.stringify(benchEmail(sent++)),
};
const pool = new Pool(gateway.url, { connections: 16 });
const ask = async () => {
  const headers = { ...target.headers, "content-type": "application/json" };
  const answer = await pool.request({ method: "POST", path: "/v1/send", headers, body: target.body() });
  await answer.body.dump();
  if (answer.statusCode !== 202) throw new Error(`The gateway answers ${answer.statusCode}`);
};
// Two halves: memory that does not grow is what they have in common.
for (let half = 1; half <= 2; half++) {
  const { unasked } = await openLoop(ask, PACE);
  if (unasked > 0) throw new Error(`${unasked} emails could not leave at ${PACE.perSecond} a second`);
  const { megabytes } = await gatewayMetrics(gateway.url);
  tell(`memory after ${sent} emails at ${PACE.perSecond} a second`, megabytes);
}
await pool.close();
for (let turn = 0; turn < MAX_TURNS && sent < EMAILS; turn++) {
  await takeTurn(target, TURN);
  console.log(`${sent} emails: ${(await gatewayMetrics(gateway.url)).megabytes.toFixed(0)} MB`);
}
await sleep(REST_MS);
tell(`memory after ${sent} emails as fast as they go`, (await gatewayMetrics(gateway.url)).megabytes);
await gateway.close();

const many = await startBenchGateway({ upstream: stub.url, teams: manyTeams(TEAMS) });
await sleep(REST_MS);
tell(`memory with ${TEAMS} teams`, (await gatewayMetrics(many.url)).megabytes);
await many.close();
await stub.close();

function tell(what: string, value: number): void {
  const ratio = value / atStart;
  const to = "with one team, at the start";
  console.log(`${what}: ${value.toFixed(0)} MB, ${ratio.toFixed(2)} × ${to}`);
  process.send?.({ what, value, unit: "MB", ratio, to });
}
