import type { Environment } from "@countersign/host";
import { parseEnv } from "@countersign/host";
import type { Diagnosis } from "../plan/diagnosis.ts";

const WHAT = "database";

/** A commit waits for the database at least twice. */
const SLOW_MS = 20;

/** Several gateways judge limits and claims by their own clocks. */
const SKEW_MS = 2_000;

/** Signs in to the database of `DATABASE_URL`, and looks whether it keeps what it answers. */
export async function checkDatabase(env: Environment): Promise<readonly Diagnosis[]> {
  const { databaseUrl } = parseEnv(env, ["databaseUrl"]);
  if (databaseUrl === undefined) {
    return [
      { what: WHAT, level: "ok", message: "DATABASE_URL is not set: SQLite in DATA_DIR, for one gateway" },
    ];
  }
  // Whoever keeps the trail in SQLite need not wait for the driver.
  const { inspectPostgres } = await import("@countersign/trail/postgres");
  try {
    return databaseFindings(await inspectPostgres(databaseUrl), { what: WHAT, variable: "DATABASE_URL" });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return [{ what: WHAT, level: "problem", message, todo: "Start PostgreSQL, or correct DATABASE_URL" }];
  }
}

/** What a look at a PostgreSQL found. */
export type DatabaseReport = Awaited<
  ReturnType<typeof import("@countersign/trail/postgres").inspectPostgres>
>;

/** What is to be said of a database to which `variable` leads. */
export function databaseFindings(
  report: DatabaseReport,
  { what, variable }: { readonly what: string; readonly variable: string },
): readonly Diagnosis[] {
  const { version, user, database, durability, latencyMs, clockAheadMs } = report;
  const settings = Object.entries(durability).map(([name, value]) => `${name}=${value}`);
  const message = `PostgreSQL ${version} lets ${user} into ${database}, with ${settings.join(", ")}; ${latencyMs.toFixed(1)} ms away`;
  const found: Diagnosis[] = [{ what, level: "ok", message }];
  const add = (level: Diagnosis["level"], message: string, todo: string) =>
    found.push({ what, level, message, todo });
  if (Number.parseInt(version, 10) < 15)
    add("problem", `PostgreSQL ${version} is too old`, "Use 15 or newer");
  if (report.isStandby)
    add("problem", "It is a standby and takes no writes", `Name the primary in ${variable}`);
  if (durability.fsync !== "on") {
    add("problem", "A power cut there loses what was answered: fsync is off", "Set fsync = on");
  }
  if (durability.full_page_writes !== "on") {
    const todo = "Set full_page_writes = on, unless its file system never writes half a page (ZFS)";
    add("warning", "A power cut there can leave half a page: full_page_writes is off", todo);
  }
  if (report.isRemote && !report.isEncrypted) {
    const todo = `Add "sslmode=verify-full" to ${variable}, and sslrootcert if its authority is your own`;
    add("warning", "Emails and the password cross the network in clear", todo);
  }
  if (latencyMs > SLOW_MS) add("warning", "Every email waits for it", "Run it closer to the gateways");
  if (Math.abs(clockAheadMs) > SKEW_MS) {
    const skew = `Its clock and this machine's differ by ${(Math.abs(clockAheadMs) / 1000).toFixed(1)} s`;
    add("warning", skew, "Keep the clocks of all gateways and the database in time (NTP)");
  }
  return found;
}
