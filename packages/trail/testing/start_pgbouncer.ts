import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "./free_port.ts";

/** A PgBouncer of one test before a server. */
export interface TestPgBouncer {
  /** The URL of the database by way of it, in a mode in which it lends sessions out. */
  url(mode: PoolMode): string;
  close(): Promise<void>;
}

/** For how long it lends out a session. */
export type PoolMode = "session" | "transaction" | "statement";

const MODES: readonly PoolMode[] = ["session", "transaction", "statement"];

/** Whether it is installed. */
export function hasPgBouncer(): boolean {
  try {
    execFileSync("pgbouncer", ["--version"], { stdio: "ignore", env: ENV });
    return true;
  } catch {
    return false;
  }
}

/** Debian puts it where only root looks. */
const ENV = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/usr/local/sbin` };

/** Starts it before the database that a URL names, with sessions for two trails in each mode. */
export async function startPgBouncer(url: string): Promise<TestPgBouncer> {
  const { hostname, port, username, password, pathname } = new URL(url);
  const folder = mkdtempSync(join(tmpdir(), "trail-pgbouncer-"));
  const own = await freePort();
  const users = join(folder, "users.txt");
  const settings = join(folder, "pgbouncer.ini");
  writeFileSync(users, `"${username}" "${password}"\n`);
  writeFileSync(
    settings,
    `[databases]
${MODES.map((mode) => `${mode} = host=${hostname} port=${port} dbname=${pathname.slice(1)} pool_mode=${mode} pool_size=20`).join("\n")}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${own}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${users}
`,
  );
  chmodSync(folder, 0o755);
  const child = spawn("pgbouncer", [...asUser(), settings], { stdio: "ignore", env: ENV });
  await untilListens(own, child);
  return {
    url: (mode) => `postgres://${username}:${password}@127.0.0.1:${own}/${mode}`,
    close: async () => {
      const ended = once(child, "exit");
      child.kill("SIGINT");
      // At once: it would wait for its clients.
      child.kill("SIGTERM");
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}

/** It does not run as root. */
function asUser(): readonly string[] {
  return process.getuid?.() === 0 ? ["-u", "postgres"] : [];
}

async function untilListens(port: number, child: ChildProcess): Promise<void> {
  for (let tries = 0; ; tries++) {
    const socket = connect(port, "127.0.0.1");
    const isUp = await once(socket, "connect").then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isUp) return;
    if (tries === 500 || child.exitCode !== null) throw new Error("PgBouncer does not start");
    await sleep(10);
  }
}
