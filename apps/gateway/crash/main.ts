import { countOf, takeArguments } from "@countersign/host/arguments";
import type { TestPostgres } from "@countersign/trail/testing/start-postgres";
import { CRASH_FAULTS } from "./testing/crash_faults.ts";

const USAGE = `Usage: npm run crash -- [--kills N] [--emails N] [--faults NAME,NAME...] [--postgres [--gateways N]] [--approvals]

Kills gateways at fail points and at random while they send, and compares what left with the trail. Exits 1 when anything
is wrong.

  --kills N    how often (300)
  --emails N   how many emails are sent meanwhile (1500)
  --faults     what MultiMail does to one call in five (${CRASH_FAULTS.join(",")})
  --postgres   the trail is in PostgreSQL
  --approvals  consoles are killed too, two at a time, while three people decide on email that waits; --faults does not count
               with 24 kills and more, every point must have been met, and email that expired, was denied anew, or was changed
  --gateways N how many gateways share it at a time (1)`;

const { kills, emails, faults, postgres, gateways, approvals } = takeArguments({
  usage: USAGE,
  options: {
    kills: { type: "string", default: "300" },
    emails: { type: "string", default: "1500" },
    faults: { type: "string", default: CRASH_FAULTS.join(",") },
    postgres: { type: "boolean", default: false },
    gateways: { type: "string", default: "1" },
    approvals: { type: "boolean", default: false },
  },
  read: ({ values }) => {
    const [kills, emails] = [countOf("--kills", values.kills), countOf("--emails", values.emails)];
    const gateways = countOf("--gateways", values.gateways);
    if (gateways > kills)
      throw new RangeError(`--gateways must not be more than the ${kills} kills, got ${gateways}`);
    if (gateways > 1 && !values.postgres)
      throw new RangeError("--gateways needs --postgres: SQLite serves one gateway");
    const faults = values.faults.split(",");
    const strange = faults.find((fault) => !CRASH_FAULTS.includes(fault));
    if (strange !== undefined)
      throw new RangeError(`--faults must be among ${CRASH_FAULTS.join(", ")}, got "${strange}"`);
    if (values.approvals && gateways > 1) throw new RangeError("--approvals has one gateway");
    return { kills, emails, gateways, faults, postgres: values.postgres, approvals: values.approvals };
  },
});
const onKill = (count: number) => {
  if (process.stderr.isTTY) process.stderr.write(`\r${count} of ${kills} kills`);
};
const startedAt = Date.now();
const server = postgres ? await startServer() : undefined;
const databaseUrl = await server?.createDatabase();
const where = databaseUrl !== undefined && { databaseUrl };
const report = approvals ? await killApprovals() : await killGateways();
await server?.remove();
const { differences } = report;
for (const [kind, found] of Object.entries(differences)) {
  for (const difference of found) console.error(`${kind}: ${difference}`);
}
const points = Object.entries(report.killsAt).map(([point, count]) => `${point} ${count}`);
console.log(`Killed at fail points: ${points.join(", ")}; else at random`);
const seconds = Math.round((Date.now() - startedAt) / 1000);
const { unrecorded, twice, open } = differences;
if ("told" in report)
  console.log(`People were told: ${JSON.stringify(report.told)}; met: ${JSON.stringify(report.met)}`);
console.log(
  `${report.kills} kills in ${seconds} s: ${emails} emails sent, ${report.delivered} delivered, ` +
    `${unrecorded.length} unrecorded, ${twice.length} twice, ${open.length} open`,
);
// Of email that people decide on, some is rejected.
const isRight =
  (approvals || report.delivered === emails) &&
  Object.values(differences).every(({ length }) => length === 0);
process.exitCode = isRight ? 0 : 1;

/** Is installed for tests only. */
async function startServer(): Promise<TestPostgres> {
  const { startPostgres } = await import("@countersign/trail/testing/start-postgres");
  return startPostgres();
}

// Loaded there: whoever asks for help need not wait for it.
async function killGateways() {
  const { runCrash } = await import("./testing/run_crash.ts");
  return runCrash({ kills, emails, gateways, faults, onKill, ...where });
}

async function killApprovals() {
  const { runApprovalCrash } = await import("./testing/run_approval_crash.ts");
  return runApprovalCrash({ kills, emails, onKill, ...where });
}
