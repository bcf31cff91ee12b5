import { setTimeout as sleep } from "node:timers/promises";
import type { TrailStore } from "@countersign/trail";

/** After the last kill, everything should be settled by then. */
const SETTLE_MS = 60_000;

/** Waits until no intent is open, or for long enough that none should be. */
export async function untilSettled(trail: TrailStore): Promise<void> {
  const deadline = Date.now() + SETTLE_MS;
  while ((await trail.openIntents()).length > 0 && Date.now() < deadline) await sleep(100);
}
