import { setTimeout as sleep } from "node:timers/promises";

/** How often somebody asks. */
export interface OpenLoopOptions {
  readonly perSecond: number;
  readonly seconds: number;
  /** More than this are not under way together: the rest is not asked. */
  readonly atOnce: number;
}

/** How often somebody wants to ask, in milliseconds. */
const TICK_MS = 5;

/**
 * Asks at a rate of its own, whether there are answers or not, as the world does. Resolves when all is answered, with how
 * often it could not ask.
 */
export async function openLoop(
  ask: (n: number) => Promise<void>,
  { perSecond, seconds, atOnce }: OpenLoopOptions,
): Promise<{ readonly asked: number; readonly unasked: number }> {
  const running = new Set<Promise<void>>();
  const startedAt = performance.now();
  let [due, unasked] = [0, 0];
  for (let elapsed = 0; elapsed < seconds; elapsed = (performance.now() - startedAt) / 1000) {
    for (; due < elapsed * perSecond; due++) {
      if (running.size >= atOnce) {
        unasked++;
        continue;
      }
      const one = ask(due).finally(() => running.delete(one));
      running.add(one);
    }
    await sleep(TICK_MS);
  }
  await Promise.all(running);
  return { asked: due - unasked, unasked };
}
