import { EventEmitter, once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openTrailAt } from "@countersign/trail/open";
import { FAIL_POINTS, type FailPoint } from "../../record/fail_point.ts";
import { bundleGateway } from "./bundle_gateway.ts";
import { compareWithTrail, type Differences } from "./compare_with_trail.ts";
import { CRASH_FAULTS } from "./crash_faults.ts";
import { startCrashStack } from "./crash_stack.ts";
import { deliveries } from "./deliveries.ts";
import { GatewayFleet, type GatewayLife } from "./gateway_fleet.ts";
import { type LifePlan, lifePlan } from "./life_plan.ts";
import { sendMany } from "./send_many.ts";
import { untilSettled } from "./until_settled.ts";

/** How to run a crash test. */
export interface RunCrashOptions {
  /** How often the gateway is killed. */
  readonly kills: number;
  /** How many emails are sent meanwhile. */
  readonly emails: number;
  /** An empty PostgreSQL database for the trail; absent: SQLite. */
  readonly databaseUrl?: string;
  /** How many gateways live at a time; more than one only in PostgreSQL. @default 1 */
  readonly gateways?: number;
  /** The sandbox's names of what goes wrong at one call in five; default: everything. */
  readonly faults?: readonly string[];
  /** Told of every kill. */
  readonly onKill?: (kills: number) => void;
}

/** What a crash test saw. */
export interface CrashReport {
  readonly kills: number;
  /** How many of them were at which fail point; the rest was at random. */
  readonly killsAt: Readonly<Record<FailPoint, number>>;
  readonly emails: number;
  /** Emails that left, once the lead had approved those that were held. */
  readonly delivered: number;
  readonly differences: Differences;
}

/**
 * Kills gateways again and again, at their fail points and at random, while clients send emails through it and MultiMail
 * fails one call in five; then lets those that are left settle what is open, and compares what left with the trail.
 *
 * @throws {Error} when a gateway ends by itself, an email is refused, or an intent stays open
 */
export async function runCrash(options: RunCrashOptions): Promise<CrashReport> {
  const { kills, emails, gateways = 1, faults = CRASH_FAULTS, databaseUrl, onKill } = options;
  const stack = await startCrashStack({ databaseUrl });
  const program = join(stack.dir, "gateway.mjs");
  await bundleGateway(program);
  const fleet = new GatewayFleet({ program, env: stack.env });
  try {
    const killed = new EventEmitter();
    killed.setMaxListeners(0);
    let count = 0;
    const killsAt = Object.fromEntries(FAIL_POINTS.map((point) => [point, 0])) as Record<FailPoint, number>;
    const onEnd = (point: FailPoint | undefined) => {
      count++;
      if (point !== undefined) killsAt[point]++;
      onKill?.(count);
      killed.emit("kill");
    };
    const isShared = databaseUrl !== undefined;
    // One after the other at each place; the places live their own lives.
    const places = Array.from({ length: gateways }, (_, place) =>
      Array.from({ length: Math.ceil((kills - place) / gateways) }, (_, n) => lifePlan(n, { isShared })),
    );
    // Emails are spread over all lives of the gateway.
    const turn = async (n: number) => {
      while (n * kills >= (count + 1) * emails) await once(killed, "kill");
    };
    const [receipts, ...survivors] = await Promise.all([
      sendMany(stack, { emails, faults, turn, url: () => fleet.url() }),
      ...places.map((plans) => killAgainAndAgain(fleet, plans, onEnd)),
    ]);
    const trail = await openTrailAt({ dataDir: stack.dataDir, databaseUrl }, { readonly: true });
    try {
      await untilSettled(trail);
      for (const survivor of survivors) survivor.kill("SIGTERM");
      for (const survivor of survivors) await survivor.ended;
      const outbox = await deliveries(stack);
      const differences = await compareWithTrail({ outbox, receipts }, trail);
      return { kills: count, killsAt, emails, delivered: outbox.length, differences };
    } finally {
      await trail.close();
    }
  } finally {
    await fleet.close();
    await stack.close();
  }
}

/** Ends one gateway after the other as planned. Resolves with the one that is left to live. */
async function killAgainAndAgain(
  fleet: GatewayFleet,
  plans: readonly LifePlan[],
  onEnd: (point: FailPoint | undefined) => void,
): Promise<GatewayLife> {
  const begin = (n: number) => fleet.start(failPointOf(plans[n]));
  let life = await begin(0);
  for (const [n, { point, maxMs, overlaps }] of plans.entries()) {
    if (point !== undefined) await life.serving;
    const endsAtPoint = await Promise.race([life.ended.then(() => true), sleep(maxMs, false)]);
    const successor = overlaps ? await begin(n + 1) : undefined;
    if (successor !== undefined) {
      await successor.serving;
      await sleep(Math.random() * 300);
    }
    life.kill("SIGKILL");
    if ((await life.ended) !== "SIGKILL") throw new Error("The gateway ended by itself");
    onEnd(endsAtPoint ? point : undefined);
    life = successor ?? (await begin(n + 1));
  }
  if ((await life.serving) === undefined) throw new Error("The last gateway does not serve");
  return life;
}

function failPointOf(plan: LifePlan | undefined): string {
  return plan?.point === undefined ? "" : `${plan.point}:${plan.passage}`;
}
