/**
 * What a gateway does when it is asked for twice what it can: by an open loop that does not wait for answers, first with a
 * MultiMail that answers at once, then with one that takes a second. Compared with what it does at its peak.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Pool } from "undici";
import { startBenchGateway } from "./testing/bench_gateway.ts";
import { benchEmail } from "./testing/bench_teams.ts";
import { gatewayMetrics } from "./testing/gateway_metrics.ts";
import { takeTurn } from "./testing/load.ts";
import { openLoop } from "./testing/open_loop.ts";
import { startProgram } from "./testing/start_program.ts";

const SECONDS = 10;
const PEAK = { connections: 32, seconds: 4 };
/** What the peak left behind is worked off by then. */
const REST_MS = 5_000;
const SLOW_MS = 1_000;

const stub = await startProgram([
  "--import",
  "tsx",
  fileURLToPath(new URL("./testing/stub_upstream.ts", import.meta.url)),
]);
const gateway = await startBenchGateway({ upstream: stub.url });
const headers = { authorization: `Bearer ${gateway.key}`, "content-type": "application/json" };
const pool = new Pool(gateway.url, { connections: 1_024 });
let sent = 1_000_000;
const target = {
  url: `${gateway.url}/v1/send`,
  headers,
  says: '"status":"queued"',
  body: () => JSON.stringify(benchEmail(sent++)),
};

await takeTurn(target, PEAK);
const before = await peak();
const fast = await overload(2 * before);
await setDelay(SLOW_MS);
const slow = await overload(2 * before);
await setDelay(0);
await sleep(REST_MS);
const after = await peak();
await pool.close();
await gateway.close();
await stub.close();

const kinds = [
  ["", fast],
  [", MultiMail takes 1 s", slow],
] as const;
for (const [kind, one] of kinds) {
  const { taken, refused, others, loopP99Ms, megabytes } = one;
  console.log(
    `Twice the peak${kind}: ${taken.length} taken, median ${at(taken, 0.5)} ms, p99 ${at(taken, 0.99)} ms; ` +
      `${refused.length} refused, median ${at(refused, 0.5)} ms, p99 ${at(refused, 0.99)} ms; ` +
      `others ${JSON.stringify(others)}; ${one.unasked} not asked; loop p99 ${loopP99Ms.toFixed(1)} ms, at most ${one.loopMaxMs.toFixed(0)} ms; ${megabytes.map(Math.round).join(" → ")} MB`,
  );
  if (Object.keys(others).length > 0) process.exitCode = 1;
}
for (const figure of [
  {
    what: "taken at twice the peak",
    value: fast.taken.length / SECONDS,
    unit: "/s",
    ratio: fast.taken.length / SECONDS / before,
    to: "the peak",
  },
  { what: "the peak afterwards", value: after, unit: "/s", ratio: after / before, to: "the peak before" },
  ...kinds.flatMap(([kind, { refused, taken, loopP99Ms, megabytes }]) => [
    {
      what: `a refusal at twice the peak, median${kind}`,
      value: at(refused, 0.5),
      unit: "ms",
      ratio: at(refused, 0.5) / at(taken, 0.5),
      to: "an email that is taken",
    },
    { what: `event loop stands still at twice the peak, p99${kind}`, value: loopP99Ms, unit: "ms" },
    {
      what: `memory that twice the peak added${kind}`,
      value: (megabytes[1] ?? 0) - (megabytes[0] ?? 0),
      unit: "MB",
    },
  ]),
])
  process.send?.(figure);

/** Emails a second, once what was before is over. */
async function peak(): Promise<number> {
  await sleep(REST_MS);
  return (await takeTurn(target, PEAK)).perSecond;
}

async function overload(perSecond: number) {
  await sleep(REST_MS);
  const { megabytes: atFirst } = await gatewayMetrics(gateway.url);
  const [taken, refused]: [number[], number[]] = [[], []];
  const others: Record<string, number> = {};
  const ask = async () => {
    const startedAt = performance.now();
    const answer = await pool.request({ method: "POST", path: "/v1/send", headers, body: target.body() });
    await answer.body.dump();
    const ms = performance.now() - startedAt;
    if (answer.statusCode === 202) taken.push(ms);
    else if (answer.statusCode === 503 && answer.headers["retry-after"] !== undefined) refused.push(ms);
    else others[answer.statusCode] = (others[answer.statusCode] ?? 0) + 1;
  };
  const { unasked } = await openLoop(ask, { perSecond, seconds: SECONDS, atOnce: 4_000 });
  const { loopP99Ms, loopMaxMs, megabytes: atLast } = await gatewayMetrics(gateway.url);
  const inOrder = (times: number[]) => times.sort((a, b) => a - b);
  const megabytes = [atFirst, atLast] as const;
  return {
    taken: inOrder(taken),
    refused: inOrder(refused),
    others,
    unasked,
    loopP99Ms,
    loopMaxMs,
    megabytes,
  };
}

async function setDelay(ms: number): Promise<void> {
  await fetch(`${stub.url}/stub`, { method: "POST", body: JSON.stringify({ delayMs: ms }) });
}

function at(times: readonly number[], share: number): number {
  return Math.round(times[Math.floor(share * times.length)] ?? 0);
}
