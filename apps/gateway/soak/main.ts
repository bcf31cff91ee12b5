import { takeArguments } from "@countersign/host/arguments";
import type { TestPostgres } from "@countersign/trail/testing/start-postgres";

const USAGE = `Usage: npm run soak -- [--minutes N] [--postgres]

Asks a gateway for a working day's calls at 80 % of its peak through both doors, while policies change, MultiMail fails and
changes a mailbox; then compares what left with the trail. Exits 1 when anything is wrong: an error that nobody injected,
memory or time that grows, an email that left unrecorded or twice.

  --minutes N  how long (10)
  --postgres   two gateways with one trail in PostgreSQL`;

const MAX_MINUTES = 24 * 60;

const asked = takeArguments({
  usage: USAGE,
  options: {
    minutes: { type: "string", default: "10" },
    postgres: { type: "boolean", default: false },
  },
  read: ({ values }) => {
    const minutes = Number(values.minutes || "none");
    if (!(minutes > 0 && minutes <= MAX_MINUTES))
      throw new RangeError(`--minutes must be above 0 and at most ${MAX_MINUTES}, got "${values.minutes}"`);
    return { minutes, postgres: values.postgres };
  },
});
// Loaded here: whoever asks for help need not wait for it.
const { runSoak } = await import("./testing/run_soak.ts");
const server = asked.postgres ? await startServer() : undefined;
const databaseUrl = await server?.createDatabase();
const onProgress = (line: string) => {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${line}`);
  else console.error(line);
};
const report = await runSoak({
  seconds: Math.round(60 * asked.minutes),
  peakSeconds: Math.min(10, 6 * asked.minutes),
  onProgress,
  ...(databaseUrl !== undefined && { databaseUrl }),
});
await server?.remove();
if (process.stderr.isTTY) process.stderr.write("\n");
const { errors, grown, differences, troubles, calls, delivered, peak, perSecond } = report;
const listed = (counts: Readonly<Record<string, number>>) =>
  Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(", ");
for (const error of [...errors.slice(0, 20), ...grown]) console.error(error);
for (const [kind, found] of Object.entries(differences)) {
  for (const difference of found.slice(0, 20)) console.error(`${kind}: ${difference}`);
}
console.log(`Calls at ${Math.round(perSecond)}/s of ${Math.round(peak)}/s: ${listed(calls)}`);
console.log(`Troubles: ${listed(troubles)}`);
const wrong = Object.entries(differences).map(([kind, { length }]) => `${length} ${kind}`);
console.log(
  `${errors.length} errors that nobody injected, ${grown.length === 0 ? "memory and time level" : grown.join(", ")}; ${delivered} delivered: ${wrong.join(", ")}`,
);
const isRight =
  errors.length + grown.length === 0 && Object.values(differences).every(({ length }) => length === 0);
process.exitCode = isRight ? 0 : 1;

/** Is installed for tests only. */
async function startServer(): Promise<TestPostgres> {
  const { startPostgres } = await import("@countersign/trail/testing/start-postgres");
  return startPostgres();
}
