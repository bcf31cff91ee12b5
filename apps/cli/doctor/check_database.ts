import { once } from "node:events";
import { connect } from "node:net";
import { parseEnv } from "@countersign/host";
import type { Finding } from "../plan/finding.ts";
import type { Environment } from "./check.ts";

const WHAT = "database";
const TIMEOUT_MS = 3_000;
const POSTGRES_PORT = 5432;

/** Something listens where `DATABASE_URL` says. Signing in is left to the gateway. */
export async function checkDatabase(env: Environment): Promise<readonly Finding[]> {
  const { databaseUrl } = parseEnv(env, ["databaseUrl"]);
  if (databaseUrl === undefined) {
    return [
      { what: WHAT, level: "ok", message: "DATABASE_URL is not set: SQLite in DATA_DIR, for one gateway" },
    ];
  }
  const { hostname, port } = new URL(databaseUrl);
  const name = `${hostname}:${port || POSTGRES_PORT}`;
  const socket = connect({ host: hostname.replace(/^\[|\]$/g, ""), port: Number(port || POSTGRES_PORT) });
  try {
    await once(socket, "connect", { signal: AbortSignal.timeout(TIMEOUT_MS) });
    return [{ what: WHAT, level: "ok", message: `Something listens at ${name}` }];
  } catch {
    const message = `Nothing answers at ${name} (DATABASE_URL)`;
    return [{ what: WHAT, level: "problem", message, todo: "Start PostgreSQL, or correct DATABASE_URL" }];
  } finally {
    socket.destroy();
  }
}
