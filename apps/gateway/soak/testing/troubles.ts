import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CRASH_FAULTS } from "../../crash/testing/crash_faults.ts";
import type { SoakStack } from "./soak_stack.ts";

/** How often each happens, in milliseconds. */
const FAULT_MS = 500;
const RELOAD_MS = 7_000;
const DRIFT_MS = 15_000;

/** Longer than the gateway waits for a slow answer now and then. */
const MAX_SLOW_MS = 2_000;

/** Makes trouble until the signal is aborted: MultiMail fails, policies change, a mailbox changes. Resolves with what it did. */
export async function makeTroubles(
  stack: SoakStack,
  signal: AbortSignal,
): Promise<Readonly<Record<"faults" | "reloads" | "broken" | "drifts", number>>> {
  const done = { faults: 0, reloads: 0, broken: 0, drifts: 0 };
  const every = async (ms: number, work: () => Promise<void>) => {
    while (!signal.aborted) {
      await work();
      await sleep(ms, undefined, { signal }).catch(() => undefined);
    }
  };
  const file = join(stack.teamsDir, "open.yaml");
  const text = await readFile(file, "utf8");
  const setMode = (mode: string) => stack.control("POST", "/sandbox/mailboxes/mbx-drifting", { mode });
  await Promise.all([
    every(FAULT_MS, async () => {
      const fault = CRASH_FAULTS[done.faults++ % CRASH_FAULTS.length];
      const match = { method: "POST", path: "/v1/mailboxes/mbx-faulty/" };
      const delay_ms = Math.floor(Math.random() * MAX_SLOW_MS);
      await stack.control("POST", "/sandbox/faults", { fault, count: 1, match, delay_ms });
    }),
    every(RELOAD_MS, async () => {
      const isBroken = done.reloads++ % 3 === 2;
      if (isBroken) done.broken++;
      const words = isBroken ? "oversight: [" : `description: As of change ${done.reloads}`;
      await writeFile(file, `${text}${words}\n`);
    }),
    every(DRIFT_MS, async () => {
      await setMode(done.drifts++ % 2 === 0 ? "autonomous" : "monitored");
    }),
  ]);
  await writeFile(file, text);
  await setMode("monitored");
  await stack.control("DELETE", "/sandbox/faults");
  return done;
}
