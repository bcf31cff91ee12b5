import { setTimeout as sleep } from "node:timers/promises";

/** Of what is over before, MultiMail hears nothing for so long: it is asked after a second. */
export const QUIET_MS = 1_500;

/** All that an email causes has ended by then. */
const DRAIN_MS = 60_000;

/** The stub's counts, by call; sets its webhook first, if there is one to set: an empty URL ends them. */
export async function askStub(
  stub: string,
  webhook?: { readonly url: string; readonly secret: string },
): Promise<Record<string, number>> {
  const init = webhook === undefined ? {} : { method: "POST", body: JSON.stringify(webhook) };
  return (await (await fetch(`${stub}/stub`, init)).json()) as Record<string, number>;
}

/** Calls at the stub since `before`, once there are no more for a while: by route, without what no email causes. */
export async function callsUntilQuiet(
  stub: string,
  before: Readonly<Record<string, number>> = {},
): Promise<Record<string, number>> {
  const deadline = performance.now() + DRAIN_MS;
  let counted = await askStub(stub);
  for (let quietSince = performance.now(); performance.now() - quietSince < QUIET_MS; ) {
    await sleep(50);
    const now = await askStub(stub);
    if (JSON.stringify(now) !== JSON.stringify(counted)) quietSince = performance.now();
    counted = now;
    if (performance.now() > deadline) throw new Error(`An email's calls go on: ${JSON.stringify(now)}`);
  }
  return Object.fromEntries(
    Object.entries(counted)
      .map(([call, count]) => [call, count - (before[call] ?? 0)] as const)
      .filter(([call, count]) => count > 0 && call !== "other" && !call.startsWith("webhook")),
  );
}
