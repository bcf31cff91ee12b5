/** How long a page of the queue takes on the server: 50 of 10,000 that wait, found in three ways; and the console's start. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CONSOLE_SETTINGS, parseEnv } from "@countersign/host";
import { openTrailAt } from "@countersign/trail/open";
import { startConsole } from "./start_console.ts";
import { appendWaiting } from "./testing/append_waiting.ts";
import { policiesOf, signInTo } from "./testing/start_test_console.ts";
import { TEAMS } from "./testing/teams.ts";

const HELD = 10_000;
const PAGES = 40;

const dataDir = await mkdtemp(join(tmpdir(), "countersign-"));
const env = { DATA_DIR: dataDir, CONSOLE_PORT: "0", LOG_LEVEL: "silent" };
const settings = parseEnv(env, CONSOLE_SETTINGS);
const trail = await openTrailAt(settings);
await appendWaiting(trail, {
  count: HELD,
  // Some overlap with the one before.
  findings: (n) => [
    {
      rule: "first_contact",
      effect: "flag",
      message: "New",
      detail: null,
      where: "teams/finance.yaml:9:1",
      about: [0],
    },
    ...(n % 4 === 1
      ? [
          {
            rule: "overlap",
            effect: "flag",
            message: "Alike",
            detail: `Receipt rcp_finance_${String(n - 1).padStart(6, "0")}, similarity 0.91 of 0.8`,
            where: null,
            about: [],
          } as const,
        ]
      : []),
  ],
});
await appendWaiting(trail, { count: 50, team: "sales" });
const startedAt = performance.now();
const running = await startConsole({ settings, policies: policiesOf(TEAMS), env: {} });
const startMs = performance.now() - startedAt;

/** Median and slowest of one page, in milliseconds. */
async function measure(
  address: string,
  path: string,
): Promise<{ readonly median: number; readonly worst: number }> {
  const person = await signInTo(running, address);
  const times: number[] = [];
  for (let n = -5; n < PAGES; n++) {
    const start = performance.now();
    const { status, text } = await person.get(path);
    if (status !== 200 || !text.includes("data-row")) throw new Error(`Cannot measure: ${path} is ${status}`);
    if (n >= 0) times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  return { median: times[PAGES >> 1] ?? 0, worst: times.at(-1) ?? 0 };
}

const few = await measure("sales-lead@acme.example", "/queue");
const lead = "finance-lead@acme.example";
const paths = {
  "the first page": "/queue",
  "the last page": "/queue?page=200",
  "a page found by text": "/queue?text=person77",
};
for (const [name, path] of Object.entries(paths)) {
  const { median, worst } = await measure(lead, path);
  console.log(`${name} of ${HELD} held: ${median.toFixed(1)} ms (slowest ${worst.toFixed(1)} ms)`);
  process.send?.({ what: `queue: ${name} of ${HELD} held`, value: median, unit: "ms", aim: "<= 100" });
}
const { median } = await measure(lead, "/queue");
process.send?.({
  ...{ what: "queue: 50 of 10,000 held", value: median, unit: "ms" },
  ...{ ratio: median / few.median, to: "50 of 50 held", aim: "<= 10" },
});
console.log(`50 of 50 held: ${few.median.toFixed(1)} ms; the console's start: ${startMs.toFixed(0)} ms`);
process.send?.({ what: `console: start with ${HELD} held`, value: startMs, unit: "ms" });

await running.close();
await trail.close();
await rm(dataDir, { recursive: true });
