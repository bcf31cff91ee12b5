import { setTimeout as sleep } from "node:timers/promises";

/** Asks until the answer is there, for 15 seconds at most. */
export async function until<T>(ask: () => Promise<T | undefined | false>): Promise<T> {
  const patience = Date.now() + 15_000;
  while (Date.now() < patience) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    await sleep(20);
  }
  throw new Error("Waited 15 seconds in vain");
}
