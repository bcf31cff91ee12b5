import { parseArgs } from "node:util";
import type { TestPostgres } from "@countersign/trail/testing/start-postgres";
import { runCrash } from "./testing/run_crash.ts";

// `npm run crash -- --kills 1000 --emails 5000`: the crash test, for as long as one likes; with `--postgres` on a trail in
// PostgreSQL. Exits 1 when anything is wrong.

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "300" },
    emails: { type: "string", default: "1500" },
    postgres: { type: "boolean", default: false },
  },
});
const [kills, emails] = [Number(values.kills), Number(values.emails)];
if (!(Number.isInteger(kills) && kills > 0 && Number.isInteger(emails) && emails > 0)) {
  console.error("Usage: npm run crash -- [--kills N] [--emails N] [--postgres]");
  process.exit(64);
}

const onKill = (count: number) => {
  if (process.stderr.isTTY) process.stderr.write(`\r${count} of ${kills} kills`);
};
const startedAt = Date.now();
const server = values.postgres ? await startServer() : undefined;
const databaseUrl = await server?.createDatabase();
const report = await runCrash({ kills, emails, onKill, ...(databaseUrl !== undefined && { databaseUrl }) });
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
