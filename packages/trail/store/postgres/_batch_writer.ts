import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { erasureOf } from "../../record/derived.ts";
import { leafHash } from "../../tree/mod.ts";
import type { PreparedEntry } from "../prepare_entry.ts";
import type { AppendResult } from "../store.ts";
import { TrailUnavailableError } from "../trail_unavailable_error.ts";
import { type ClaimState, readClaimState } from "./_claim_rows.ts";
import { ClaimsLedger } from "./_claims_ledger.ts";
import { erase } from "./_eraser.ts";
import type { Session } from "./_in_snapshot.ts";
import { NewRows } from "./_new_rows.ts";
import { frontierOf, type HeadRow, knownHead, SELECT_HEAD } from "./_tree_rows.ts";

/** For how long it is tried to find out whether a commit whose answer was lost was made, and how often. */
const DOUBT_MS = 15_000;
const DOUBT_RETRY_MS = 250;

/** What is over stays for a while, since clocks of several gateways differ. */
const GRACE_MS = 60 * 60_000;

/** How many rows of each kind a batch clears away at most: more than a batch adds. */
const PURGE_ROWS = 1000;

/** What a batch became, before it is committed. */
interface Written {
  readonly results: readonly AppendResult[];
  /** Of the first of its records; undefined when all were refused. */
  readonly first?: { readonly seq: number; readonly json: string };
  /** Of the tree, with them. */
  readonly size: number;
}

/** Writes entries, several in one durable commit. */
export class BatchWriter {
  readonly #pool: pg.Pool;
  /** Of the tree as it was when this gateway saw it last. */
  #size = 0;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  /**
   * Writes the entries in order, each if it may have what it claims. All that is written is on disk on return.
   *
   * After an error nothing of it is, or, when the message says that this is not known, all or nothing. An intent of the
   * latter kind was not acted on by whoever had it appended: either it does not exist, or it is open, and the reconciler
   * of this or another gateway asks about it with its own key, as it does after a crash. So it ends once, on record, and
   * its claims keep a second try from becoming a second email.
   */
  async write(batch: readonly PreparedEntry[]): Promise<readonly AppendResult[]> {
    const session = await this.#pool.connect();
    let written: Written;
    try {
      written = await this.#writeAll(session, batch);
    } catch (error) {
      // The server ends the transaction with its session.
      session.release(true);
      throw error;
    }
    if (!(await isCommitted(session)) && !(await this.#wasCommitted(written))) {
      throw new Error("the database did not commit it");
    }
    this.#size = written.size;
    return written.results;
  }

  async #writeAll(session: Session, batch: readonly PreparedEntry[]): Promise<Written> {
    const head = await this.#lockHead(session);
    const frontier = frontierOf(head);
    const ledger = new ClaimsLedger(await claimStateOf(session, batch));
    const rows = new NewRows(frontier, ledger);
    const results = batch.map(({ entry, ...prepared }): AppendResult => {
      const refusal = ledger.refusal(entry);
      if (refusal !== undefined) return refusal;
      ledger.take(entry);
      const seq = frontier.size;
      const json = prepared.json[0] + seq + prepared.json[1];
      rows.add({ entry, ...prepared }, { seq, json, leaf: leafHash(json) });
      return { ok: true, seq };
    });
    await clearClaims(session, ledger, Math.min(...batch.map(({ entry }) => entry.at)) - GRACE_MS);
    if (frontier.size === head.size) return { results, size: head.size };
    await rows.insert(session);
    for (const [index, { entry }] of batch.entries()) {
      const result = results[index];
      const erasure = erasureOf(entry.kind, entry.data);
      if (erasure !== undefined && result?.ok) await erase(session, erasure, result.seq);
    }
    return { results, first: { seq: head.size, json: rows.firstJson }, size: frontier.size };
  }

  /** From here on no other gateway appends until this transaction is over. */
  async #lockHead(session: Session): Promise<HeadRow> {
    const answers = (await session.query(
      `BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; ${SELECT_HEAD} FOR UPDATE`,
    )) as unknown as readonly pg.QueryResult<HeadRow>[];
    const head = knownHead(answers[1]?.rows ?? []);
    if (head.size < this.#size) {
      // An older copy was restored, or a standby took over that had not got everything: what was answered is not there.
      throw new Error(
        `it had ${this.#size} records and has ${head.size}; run audit verify, then start again`,
      );
    }
    return head;
  }

  /**
   * Whether a batch whose commit was not answered is there. The head's lock is waited for: whoever has it knows that the
   * transaction in doubt is over.
   *
   * @throws {TrailUnavailableError} when it cannot be found out
   */
  async #wasCommitted({ first }: Written): Promise<boolean> {
    if (first === undefined) return true;
    const giveUpAt = Date.now() + DOUBT_MS;
    while (true) {
      try {
        return await this.#isThere(first);
      } catch (error) {
        if (Date.now() >= giveUpAt) {
          throw new TrailUnavailableError("Cannot find out whether the trail has what was appended last", {
            cause: error instanceof Error ? new Error(error.message) : undefined,
          });
        }
        await sleep(DOUBT_RETRY_MS);
      }
    }
  }

  async #isThere({ seq, json }: NonNullable<Written["first"]>): Promise<boolean> {
    const session = await this.#pool.connect();
    try {
      await session.query(`BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; ${SELECT_HEAD} FOR UPDATE`);
      // No two records are alike: a batch that lost the race has another gateway's record in its place.
      const { rows } = await session.query<{ json: string }>("SELECT json FROM records WHERE seq = $1", [
        seq,
      ]);
      return rows[0]?.json === json;
    } finally {
      session.release(true);
    }
  }
}

/** Commits; false: it is not known whether that was done. A transaction that had failed says so by another word. */
async function isCommitted(session: Session): Promise<boolean> {
  try {
    const { command } = await session.query("COMMIT");
    session.release();
    return command === "COMMIT";
  } catch {
    session.release(true);
    return false;
  }
}

function claimStateOf(session: Session, batch: readonly PreparedEntry[]): Promise<ClaimState> {
  return readClaimState(
    session,
    batch.map(({ entry }) => entry),
  );
}

/** Removes what was given back, and some of what was over before `now`. */
async function clearClaims(session: Session, ledger: ClaimsLedger, now: number): Promise<void> {
  const { released, freed } = ledger;
  if (released.length > 0 || freed.length > 0) {
    await session.query(
      `WITH claimed AS (DELETE FROM claims WHERE receipt = ANY ($1) OR key = ANY ($2))
       DELETE FROM reservations WHERE receipt = ANY ($1)`,
      [released, freed],
    );
  }
  // While nobody knows whether an email left, what it claims stays taken.
  await session.query({
    name: "purge",
    text: `WITH claimed AS (
      DELETE FROM claims WHERE key = ANY (ARRAY (
        SELECT key FROM claims c WHERE expires_at <= $1
        AND NOT EXISTS (SELECT 1 FROM open_intents o WHERE o.receipt = c.receipt) LIMIT ${PURGE_ROWS}
      ))
    )
    DELETE FROM reservations WHERE ctid = ANY (ARRAY (
      SELECT ctid FROM reservations WHERE keep_until <= $1 LIMIT ${PURGE_ROWS}
    ))`,
    values: [now],
  });
}
