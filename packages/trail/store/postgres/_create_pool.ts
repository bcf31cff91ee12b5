import pg from "pg";
import { connectionOf } from "./_connection.ts";
import { type SessionOptions, setSession } from "./_session.ts";

/** How a pool is made. */
export interface CreatePoolOptions extends SessionOptions {
  /** How many sessions there are at most. */
  readonly max: number;
  /** The variable that the URL is from, for errors. @default DATABASE_URL */
  readonly variable?: string;
}

/**
 * Sessions that are opened when they are needed, and anew after one was lost.
 *
 * @throws {Error} that does not show the URL, when that cannot be used
 */
export function createPool(url: string, { max, variable, ...session }: CreatePoolOptions): pg.Pool {
  const pool = new pg.Pool({
    ...connectionOf(url, variable),
    max,
    idleTimeoutMillis: 60_000,
    // Before anybody is given the session.
    verify: (client, callback) => setSession(client, session).then(() => callback(), callback),
  });
  // Whoever uses a lost session is told by what they asked for; without a listener the process would end.
  pool.on("error", ignore);
  pool.on("connect", (client) => client.on("error", ignore));
  return pool;
}

function ignore(): void {}
