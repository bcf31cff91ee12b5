import { parseArgs } from "node:util";
import type { TestPostgres } from "@countersign/trail/testing/start-postgres";
import { CRASH_FAULTS } from "./testing/crash_faults.ts";
import { runCrash } from "./testing/run_crash.ts";

const USAGE = `Usage: npm run crash -- [--kills N] [--emails N] [--faults NAME,NAME...] [--postgres [--gateways N]]

Kills gateways at fail points and at random while they send, and compares what left with the trail. Exits 1 when anything
is wrong.

  --kills N    how often (300)
  --emails N   how many emails are sent meanwhile (1500)
  --faults     what MultiMail does to one call in five (${CRASH_FAULTS.join(",")})
  --postgres   the trail is in PostgreSQL
  --gateways N how many gateways share it at a time (1)`;

interface Asked {
  readonly kills: number;
  readonly emails: number;
  readonly faults: readonly string[];
  readonly postgres: boolean;
  readonly gateways: number;
  readonly help: boolean;
}

/** Undefined when it makes no sense. */
function parseAsked(): Asked | undefined {
  const options = {
    kills: { type: "string", default: "300" },
    emails: { type: "string", default: "1500" },
    faults: { type: "string", default: CRASH_FAULTS.join(",") },
    postgres: { type: "boolean", default: false },
    gateways: { type: "string", default: "1" },
    help: { type: "boolean", short: "h", default: false },
  } as const;
  try {
    const { values } = parseArgs({ options });
    const [kills, emails, gateways] = [values.kills, values.emails, values.gateways].map(Number) as [
      number,
      number,
      number,
    ];
    const faults = values.faults.split(",");
    const isRight =
      [kills, emails, gateways].every((count) => Number.isInteger(count) && count > 0) &&
      gateways <= kills &&
      (gateways === 1 || values.postgres);
    return isRight && faults.every((fault) => CRASH_FAULTS.includes(fault))
      ? { ...values, kills, emails, gateways, faults }
      : undefined;
  } catch {
    return undefined;
  }
}

const asked = parseAsked();
if (asked === undefined || asked.help) {
  console[asked ? "log" : "error"](USAGE);
  process.exit(asked ? 0 : 64);
}
const { kills, emails, faults, postgres, gateways } = asked;

const onKill = (count: number) => {
  if (process.stderr.isTTY) process.stderr.write(`\r${count} of ${kills} kills`);
};
const startedAt = Date.now();
const server = postgres ? await startServer() : undefined;
const databaseUrl = await server?.createDatabase();
const report = await runCrash({
  kills,
  emails,
  gateways,
  faults,
  onKill,
  ...(databaseUrl !== undefined && { databaseUrl }),
});
await server?.remove();
const { differences } = report;
for (const [kind, found] of Object.entries(differences)) {
  for (const difference of found) console.error(`${kind}: ${difference}`);
}
const points = Object.entries(report.killsAt).map(([point, count]) => `${point} ${count}`);
console.log(`Killed at fail points: ${points.join(", ")}; else at random`);
const seconds = Math.round((Date.now() - startedAt) / 1000);
const { unrecorded, twice, open } = differences;
console.log(
  `${report.kills} kills in ${seconds} s: ${emails} emails sent, ${report.delivered} delivered, ` +
    `${unrecorded.length} unrecorded, ${twice.length} twice, ${open.length} open`,
);
const isRight = report.delivered === emails && Object.values(differences).every(({ length }) => length === 0);
process.exitCode = isRight ? 0 : 1;

/** Is installed for tests only. */
async function startServer(): Promise<TestPostgres> {
  const { startPostgres } = await import("@countersign/trail/testing/start-postgres");
  return startPostgres();
}
