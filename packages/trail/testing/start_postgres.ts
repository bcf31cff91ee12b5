import { mkdtemp, rm, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { embeddedPostgres } from "./_embedded_postgres.ts";
import { freePort } from "./free_port.ts";

/** A PostgreSQL server of one test file, on a port of this machine. */
export interface TestPostgres {
  /** Makes an empty database; returns the URL of its owner, who is a superuser. */
  createDatabase(): Promise<string>;
  /** Runs one statement as the superuser; in its own database, unless a URL names another. */
  run(sql: string, url?: string): Promise<readonly unknown[]>;
  /** Ends the server as a restart does: sessions are cut off. Its data stays. */
  stop(): Promise<void>;
  /** After `stop`: on the same port. */
  start(): Promise<void>;
  /** Ends it for good. */
  remove(): Promise<void>;
}

/** How a test's server is started. */
export interface StartPostgresOptions {
  /** Settings other than the usual, such as `["fsync=off"]`. */
  readonly settings?: readonly string[];
  /** Below which its data is: a benchmark wants the disk that others write to. By default in memory, if there is room. */
  readonly parent?: string;
}

/** More than all test files that run together need. */
const ROOM_BYTES = 2 * 1024 ** 3;

/** Starts PostgreSQL in a new folder. It needs no installation; as root it runs as the user "postgres", made if missing. */
export async function startPostgres({
  settings = [],
  parent,
}: StartPostgresOptions = {}): Promise<TestPostgres> {
  const folder = await mkdtemp(join(parent ?? (await fastFolder()), "trail-postgres-"));
  const port = await freePort();
  const log: string[] = [];
  const flags = ["listen_addresses=127.0.0.1", "unix_socket_directories=", ...settings];
  const EmbeddedPostgres = await embeddedPostgres();
  const server = new EmbeddedPostgres({
    databaseDir: folder,
    port,
    user: "tester",
    password: "secret_word",
    authMethod: "scram-sha-256",
    createPostgresUser: process.getuid?.() === 0,
    // The file system's cache is as good as the disk for what a test leaves.
    initdbFlags: ["--encoding=UTF8", "--no-locale", "--no-sync"],
    postgresFlags: flags.flatMap((setting) => ["-c", setting]),
    onLog: (text) => log.push(String(text)),
    onError: (error) => log.push(String(error)),
  });
  const start = () =>
    server.start().catch(() => {
      throw new Error(`Cannot start PostgreSQL:\n${log.slice(-20).join("")}`);
    });
  const urlOf = (database: string) => `postgres://tester:secret_word@127.0.0.1:${port}/${database}`;
  // Another test file may be making the user at this moment.
  await server.initialise().catch(() => server.initialise());
  await start();
  const run = async (sql: string, url = urlOf("postgres")): Promise<readonly unknown[]> => {
    // Only tests need it, and most start no server.
    const { default: pg } = await import("pg");
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  };
  let databases = 0;
  return {
    createDatabase: async () => {
      const name = `trail_${++databases}`;
      await run(`CREATE DATABASE ${name}`);
      return urlOf(name);
    },
    run,
    stop: () => server.stop(),
    start,
    remove: async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** In memory, where there is room: a hundred tests that wait for a disk are slow. */
async function fastFolder(): Promise<string> {
  const memory = "/dev/shm";
  const { bavail, bsize } = await statfs(memory).catch(() => ({ bavail: 0, bsize: 0 }));
  return bavail * bsize > ROOM_BYTES ? memory : tmpdir();
}
