import { setTimeout as sleep } from "node:timers/promises";

/** What is given way to, and for how long. */
export interface GiveWayOptions {
  /** Whether what is more urgent takes all that there is. */
  readonly isBusy: () => boolean;
  /** At most so long, in milliseconds: what gives way for ever is never done. */
  readonly atMostMs: number;
  /** Ends it at once. */
  readonly signal: AbortSignal;
}

/** How often it is looked whether the way is free, in milliseconds. */
const LOOK_MS = 20;

/** Resolves when nothing more urgent is in the way, or has been for long enough. */
export async function giveWay({ isBusy, atMostMs, signal }: GiveWayOptions): Promise<void> {
  const latest = performance.now() + atMostMs;
  while (isBusy() && !signal.aborted && performance.now() < latest) {
    await sleep(LOOK_MS, undefined, { signal, ref: false }).catch(() => undefined);
  }
}
