import { setTimeout as sleep } from "node:timers/promises";
import { openTrailAt } from "@countersign/trail/open";
import { Pool } from "undici";
import { gatewayMetrics } from "../../bench/testing/gateway_metrics.ts";
import { openLoop } from "../../bench/testing/open_loop.ts";
import { compareWithTrail, type Differences } from "../../crash/testing/compare_with_trail.ts";
import { deliveries } from "../../crash/testing/deliveries.ts";
import { untilSettled } from "../../crash/testing/until_settled.ts";
import { type CallResult, MixedCalls } from "./mixed_calls.ts";
import { type SoakStack, startSoakStack } from "./soak_stack.ts";
import { makeTroubles } from "./troubles.ts";
import { growths, type Window } from "./windows.ts";

/** How to run a soak. */
export interface RunSoakOptions {
  readonly seconds: number;
  /** For how long its peak is measured, in seconds. */
  readonly peakSeconds: number;
  /** An empty PostgreSQL database for the trail of two gateways; absent: one gateway with SQLite. */
  readonly databaseUrl?: string;
  /** Told what is under way. */
  readonly onProgress?: (line: string) => void;
}

/** What a soak saw. */
export interface SoakReport {
  /** Calls a second at the peak, and in the soak. */
  readonly peak: number;
  readonly perSecond: number;
  readonly calls: Readonly<Record<string, number>>;
  readonly troubles: Readonly<Record<string, number>>;
  /** Answers that nobody injected, and calls that could not be made. */
  readonly errors: readonly string[];
  readonly windows: readonly Window[];
  /** What is not level: sentences. */
  readonly grown: readonly string[];
  readonly delivered: number;
  readonly differences: Differences;
}

/** Of the peak. */
const SHARE = 0.8;
const WORKERS = 32;
const WINDOWS = 20;
const AT_ONCE = 2_000;
const INBOUND = 20;

/** Asks for a working day's calls at 80 % of the peak through both doors, in trouble; then compares what left with the trail. */
export async function runSoak(options: RunSoakOptions): Promise<SoakReport> {
  const { seconds, peakSeconds, databaseUrl, onProgress = () => undefined } = options;
  const stack = await startSoakStack(databaseUrl);
  const pools = stack.gateways.map(({ url }) => new Pool(url, { connections: 512 }));
  try {
    const calls = new MixedCalls(stack, pools, await receive(stack));
    const receipts: string[] = [];
    const [errors, counts]: [string[], Record<string, number>] = [[], {}];
    const note = ({ kind, error, receipt, clean }: CallResult) => {
      counts[kind] = (counts[kind] ?? 0) + 1;
      if (error !== undefined) errors.push(error);
      if (receipt !== undefined && clean && kind !== "cancelled") receipts.push(receipt);
    };
    onProgress("measures the peak");
    const peak = await peakOf(calls, note, peakSeconds);
    const perSecond = SHARE * peak;
    const ended = new AbortController();
    const troubles = makeTroubles(stack, ended.signal);
    const windows: Window[] = [];
    let times: number[] = [];
    const turn = async () => {
      // Afterwards only what hangs is waited for.
      if (windows.length === WINDOWS) return;
      const seen = timesOf(times);
      times = [];
      const window = { ...seen, megabytes: await megabytesOf(stack) };
      windows.push(window);
      const { median, p99, megabytes } = window;
      onProgress(
        `${Math.round((windows.length * seconds) / WINDOWS)} of ${seconds} s: ${Math.round(perSecond)}/s of ${Math.round(peak)}/s, median ${median.toFixed(1)} ms, p99 ${p99.toFixed(0)} ms, ${Math.round(megabytes)} MB, ${errors.length} errors`,
      );
    };
    const turning = setInterval(
      () => void turn().catch((error: unknown) => errors.push(`/metrics: ${error}`)),
      (1000 * seconds) / WINDOWS,
    );
    const ask = async () => {
      const result = await calls.call();
      note(result);
      if (result.clean) times.push(result.ms);
    };
    const { unasked } = await openLoop(ask, { perSecond, seconds, atOnce: AT_ONCE });
    clearInterval(turning);
    if (unasked > 0) errors.push(`${unasked} calls were not made: ${AT_ONCE} were under way`);
    ended.abort();
    const made = await troubles;
    onProgress("waits until all is settled, and compares");
    const compared = await compare(stack, receipts, databaseUrl);
    const grown = growths(windows);
    return { peak, perSecond, calls: counts, troubles: made, errors, windows, grown, ...compared };
  } finally {
    await Promise.all(pools.map((pool) => pool.destroy()));
    await stack.stop();
    await stack.close();
  }
}

async function receive(stack: SoakStack): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let n = 0; n < INBOUND; n++) {
    const body = {
      mailbox_id: "mbx-desk",
      from: `ann-${n}@acme.example`,
      subject: `Question ${n}`,
      markdown: "?",
    };
    ids.push(((await stack.control("POST", "/sandbox/inbound", body)) as { readonly id: string }).id);
  }
  return ids;
}

async function peakOf(
  calls: MixedCalls,
  note: (result: CallResult) => void,
  seconds: number,
): Promise<number> {
  let count = 0;
  const deadline = performance.now() + 1000 * seconds;
  const startedAt = performance.now();
  const work = async () => {
    while (performance.now() < deadline) {
      note(await calls.call());
      count++;
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, work));
  return count / ((performance.now() - startedAt) / 1000);
}

function timesOf(times: number[]): Pick<Window, "median" | "p99"> {
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor(share * times.length)] ?? Number.NaN;
  return { median: at(0.5), p99: at(0.99) };
}

async function megabytesOf(stack: SoakStack): Promise<number> {
  const metrics = await Promise.all(stack.gateways.map(({ url }) => gatewayMetrics(url)));
  return metrics.reduce((sum, { megabytes }) => sum + megabytes, 0);
}

/** Lets everything come to its end, and compares what left with what is on record. */
async function compare(
  stack: SoakStack,
  receipts: readonly string[],
  databaseUrl: string | undefined,
): Promise<Pick<SoakReport, "delivered" | "differences">> {
  const trail = await openTrailAt({ dataDir: stack.dataDir, databaseUrl }, { readonly: true });
  try {
    await untilSettled(trail);
    const outbox = await deliveries(stack);
    await untilWatched(trail);
    await stack.stop();
    const differences = await compareWithTrail({ outbox, receipts }, trail);
    return { delivered: outbox.length, differences };
  } finally {
    await trail.close();
  }
}

/** Waits until nothing is watched any more, or for long enough. */
async function untilWatched(trail: { watchedEmails(): Promise<readonly unknown[]> }): Promise<void> {
  const deadline = Date.now() + 120_000;
  while ((await trail.watchedEmails()).length > 0 && Date.now() < deadline) await sleep(500);
}
