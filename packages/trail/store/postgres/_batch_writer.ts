import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import type { PreparedEntry } from "../prepare_entry.ts";
import type { AppendResult } from "../store.ts";
import { TrailUnavailableError } from "../trail_unavailable_error.ts";
import { APPEND_PARAMETERS } from "./_append_function.ts";
import { erase } from "./_eraser.ts";
import type { Session } from "./_in_snapshot.ts";
import { newRows } from "./_new_rows.ts";

/** How much of a batch's time is left to find out what became of it when its answer does not come, and how often it is tried. */
const DOUBT_SHARE = 0.25;
const DOUBT_RETRY_MS = 250;

/** What `append` answers. */
interface Reply {
  /** `seq` of the first of its records. */
  readonly first: number;
  /** Which entries were refused and why; places are counted from 1 on. */
  readonly refused: readonly RefusedEntry[];
}

type RefusedEntry = { readonly place: number } & (
  | { readonly claim: number; readonly receipt: string; readonly fingerprint: string }
  | { readonly reservation: number }
);

/** How a batch is written. */
export interface BatchWriterOptions {
  /** For how long others may wait for a batch, what became of it included, in milliseconds. */
  readonly patienceMs: number;
}

/** Writes entries, several in one durable commit. */
export class BatchWriter {
  readonly #pool: pg.Pool;
  readonly #patienceMs: number;
  readonly #id = randomUUID();
  #batches = 0;
  /** Of the tree as it was when this gateway saw it last. */
  #size = 0;

  constructor(pool: pg.Pool, { patienceMs }: BatchWriterOptions) {
    this.#pool = pool;
    this.#patienceMs = patienceMs;
  }

  /**
   * Writes the entries in order, each if it may have what it claims. All that is written is on disk on return. It takes no
   * longer than the writer's patience, whatever the server and the network do.
   *
   * After an error nothing of it is, or, when the message says that this is not known, all or nothing. An intent of the
   * latter kind was not acted on by whoever had it appended: either it does not exist, or it is open, and the reconciler
   * of this or another gateway asks about it with its own key, as it does after a crash. So it ends once, on record, and
   * its claims keep a second try from becoming a second email.
   */
  async write(batch: readonly PreparedEntry[]): Promise<readonly AppendResult[]> {
    const number = ++this.#batches;
    const deadline = performance.now() + this.#patienceMs;
    const session = await this.#connect(deadline);
    let reply: Reply;
    try {
      const timeoutMs = (1 - DOUBT_SHARE) * this.#patienceMs;
      reply = await this.#append(session, batch, { number, timeoutMs });
      session.release();
    } catch (error) {
      session.release(true);
      if (!isInDoubt(error)) throw error;
      const found = await this.#replyTo(number, deadline);
      if (found === undefined) throw new Error("the database did not commit it", { cause: error });
      reply = found;
    }
    const results = resultsOf(batch, reply);
    this.#size = Math.max(this.#size, reply.first + results.filter(({ ok }) => ok).length);
    return results;
  }

  async #connect(deadline: number): Promise<Session> {
    const connecting = this.#pool.connect();
    try {
      return await before(deadline, connecting);
    } catch (error) {
      // Should it come after all, it is another's.
      connecting.then((session) => session.release()).catch(() => undefined);
      throw error;
    }
  }

  /** One round trip, unless something is erased: the statement commits by itself. Erasing takes its time. */
  async #append(
    session: Session,
    batch: readonly PreparedEntry[],
    { number, timeoutMs }: { readonly number: number; readonly timeoutMs: number },
  ): Promise<Reply> {
    const columns = {
      ...newRows(batch),
      writer: this.#id,
      batch_number: number,
      known_size: this.#size,
    };
    const values = PARAMETERS.map((name) => columns[name]);
    const query: QueryWithTimeout = { name: "append", text: APPEND, values, query_timeout: timeoutMs };
    const append = async () => (await session.query<{ reply: Reply }>(query)).rows[0]?.reply as Reply;
    const erasures = batch.map(({ entry }) => (entry.kind === "erasure" ? entry.data : undefined));
    if (erasures.every((erasure) => erasure === undefined)) return await append();
    await session.query("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");
    const reply = await append();
    for (const [index, result] of resultsOf(batch, reply).entries()) {
      const erasure = erasures[index];
      if (erasure !== undefined && result.ok) await erase(session, erasure, result.seq);
    }
    await session.query("COMMIT");
    return reply;
  }

  /**
   * What `append` answered to a batch whose answer was lost; undefined: it is not there, and will not be, should it still
   * be on its way. A transaction that has written it is waited for.
   *
   * @throws {TrailUnavailableError} when it cannot be found out
   */
  async #replyTo(number: number, deadline: number): Promise<Reply | undefined> {
    while (true) {
      try {
        const query: QueryWithTimeout = {
          text: GIVE_UP,
          values: [this.#id, number],
          query_timeout: Math.max(1, deadline - performance.now()),
        };
        const { rows } = await before(deadline, this.#pool.query<{ reply: Reply | null }>(query));
        return rows[0]?.reply ?? undefined;
      } catch (error) {
        if (performance.now() >= deadline) {
          throw new TrailUnavailableError("Cannot find out whether the trail has what was appended last", {
            cause: error instanceof Error ? new Error(error.message) : undefined,
          });
        }
        await sleep(Math.min(DOUBT_RETRY_MS, Math.max(0, deadline - performance.now())));
      }
    }
  }
}

/** The driver takes it with each statement; its types do not say so. */
type QueryWithTimeout = pg.QueryConfig & { readonly query_timeout: number };

/**
 * What a promise resolves to, if it does so before the deadline of the monotonic clock.
 *
 * @throws {Error} when it does not; what it comes to later is nobody's
 */
async function before<T>(deadline: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const tell = () => reject(new Error("the database did not answer in time"));
    timer = setTimeout(tell, Math.max(0, deadline - performance.now()));
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
    promise.catch(() => undefined);
  }
}

const PARAMETERS = Object.keys(APPEND_PARAMETERS) as (keyof typeof APPEND_PARAMETERS)[];
const APPEND = `SELECT append(${Object.values(APPEND_PARAMETERS).map((type, index) => `$${index + 1}::${type}`)}) AS reply`;

/** A batch that was written keeps its reply; one that was not can no more be. */
const GIVE_UP = `
  INSERT INTO writers AS w (id, batch) VALUES ($1, $2)
  ON CONFLICT (id) DO UPDATE SET batch = excluded.batch, reply = CASE WHEN w.batch = excluded.batch THEN w.reply END
  RETURNING reply`;

/**
 * Whether a batch may be on disk although this was thrown: the connection was lost or the server went away. Of an error
 * that a statement met, the server has undone everything.
 */
function isInDoubt(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return !/^[\dA-Z]{5}$/.test(code) || /^(?:08|40003|57P|58|XX)/.test(code);
}

function resultsOf(batch: readonly PreparedEntry[], { first, refused }: Reply): readonly AppendResult[] {
  const refusals = new Map(refused.map((one) => [one.place - 1, one]));
  let seq = first;
  return batch.map(({ entry: { claims = [], reservations = [] } }, index): AppendResult => {
    const refusal = refusals.get(index);
    if (refusal === undefined) return { ok: true, seq: seq++ };
    if ("reservation" in refusal) {
      const reservation = reservations[refusal.reservation - 1];
      if (reservation !== undefined) return { ok: false, reason: "limit", reservation };
    } else {
      const { receipt, fingerprint } = refusal;
      const claim = claims[refusal.claim - 1];
      if (claim !== undefined) return { ok: false, reason: "claimed", claim, receipt, fingerprint };
    }
    throw new Error("the database refused an entry for what it does not claim");
  });
}
