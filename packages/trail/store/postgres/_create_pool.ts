import pg from "pg";
import { connectionOf } from "./_connection.ts";
import { setSession } from "./_session.ts";

/** How a pool is made. */
export interface CreatePoolOptions {
  readonly readonly: boolean;
  /** How many sessions there are at most. */
  readonly max: number;
}

/**
 * Sessions that are opened when they are needed, and anew after one was lost.
 *
 * @throws {Error} that does not show the URL, when that cannot be used
 */
export function createPool(url: string, { readonly, max }: CreatePoolOptions): pg.Pool {
  const pool = new pg.Pool({
    ...connectionOf(url),
    max,
    idleTimeoutMillis: 60_000,
    // Before anybody is given the session.
    verify: (client, callback) => setSession(client, { readonly }).then(() => callback(), callback),
  });
  // Whoever uses a lost session is told by what they asked for; without a listener the process would end.
  pool.on("error", ignore);
  pool.on("connect", (client) => client.on("error", ignore));
  return pool;
}

function ignore(): void {}
