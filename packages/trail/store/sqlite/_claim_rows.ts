import type Database from "better-sqlite3";
import { MARKED_FROM, newMarks, reservedAfter } from "../reservation_marks.ts";
import type { AppendResult, Claim, CounterWindow, TakenClaim, WantingEntry } from "../store.ts";
import { KEEP_RESERVED_MS } from "../taken_problems.ts";
import { packKey, unpackKey } from "./pack_key.ts";

type Wanting = Pick<WantingEntry, "at" | "receipt" | "claims" | "reservations">;
type Refusal = Extract<AppendResult, { readonly ok: false }>;
type Key = string | Uint8Array;
type Holder = { readonly receipt: string; readonly fingerprint: string };
type HolderRow = { readonly receipt: Key; readonly fingerprint: Key };
type Place = { readonly counter: Key; readonly at: number };
/** Times of two marks between which a reservation lies, and how many lie there, up to `MARKED_FROM`. */
type Stretch = { readonly from: number; readonly to: number; readonly count: number };

/** What is over stays for a while, since clocks of several gateways differ. */
const GRACE_MS = 60 * 60_000;

/** How many rows of each kind a batch clears away at most: more than a batch adds. */
const PURGE_ROWS = 1000;

/** Before and behind every time. */
const FIRST = Number.MIN_SAFE_INTEGER;
const LAST = Number.MAX_SAFE_INTEGER;

/** Claims and reservations in the database: what an entry takes, and whether it may. */
export class ClaimRows {
  readonly #holder: Database.Statement<[Key, number], HolderRow>;
  readonly #take: Database.Statement<[Key, Key, Key, number]>;
  readonly #countAfter: Database.Statement<[{ readonly counter: Key; readonly after: number }], number>;
  readonly #reserve: Database.Statement<[Key, number, Key, number]>;
  readonly #keep: Database.Statement<[number, Key, number, Key]>;
  readonly #releaseClaims: Database.Statement<[Key]>;
  readonly #releaseReservations: Database.Statement<[Key], Place>;
  readonly #purgeClaims: Database.Statement<[number]>;
  readonly #purgeReservations: Database.Statement<[number], Place>;
  readonly #moveMarks: Database.Statement<[number, Key, number]>;
  readonly #dropMarks: Database.Statement<[Key, number]>;
  readonly #stretch: Database.Statement<[Place], Stretch>;
  readonly #mark: Database.Statement<[Stretch & Pick<Place, "counter">]>;
  /** Where the batch looked at a window that holds many. */
  #many: Place[] = [];

  constructor(db: Database.Database) {
    // While nobody knows whether an email left, what it claims stays taken.
    const isOpen = "receipt IN (SELECT receipt FROM open_intents)";
    this.#holder = db.prepare(
      `SELECT receipt, fingerprint FROM claims WHERE key = ? AND (expires_at > ? OR ${isOpen})`,
    );
    this.#take = db.prepare(
      "INSERT OR REPLACE INTO claims (key, fingerprint, receipt, expires_at) VALUES (?, ?, ?, ?)",
    );
    this.#countAfter = db
      .prepare<[{ readonly counter: Key; readonly after: number }], number>(
        `SELECT ${reservedAfter("@counter", "@after")}`,
      )
      .pluck();
    this.#reserve = db.prepare(
      "INSERT INTO reservations (counter, at, receipt, keep_until) VALUES (?, ?, ?, ?)",
    );
    this.#keep = db.prepare(
      "UPDATE reservations SET keep_until = max(keep_until, ?) WHERE counter = ? AND at = ? AND receipt = ?",
    );
    this.#releaseClaims = db.prepare("DELETE FROM claims WHERE receipt = ?");
    this.#releaseReservations = db.prepare(
      "DELETE FROM reservations WHERE receipt = ? RETURNING counter, at",
    );
    this.#purgeClaims = db.prepare(
      `DELETE FROM claims WHERE expires_at <= ? AND NOT ${isOpen} LIMIT ${PURGE_ROWS}`,
    );
    this.#purgeReservations = db.prepare(
      `DELETE FROM reservations WHERE keep_until <= ? RETURNING counter, at LIMIT ${PURGE_ROWS}`,
    );
    this.#moveMarks = db.prepare(
      "UPDATE reservation_marks SET before = before + ? WHERE counter = ? AND at > ?",
    );
    this.#dropMarks = db.prepare("DELETE FROM reservation_marks WHERE counter = ? AND at <= ?");
    const between = "counter = @counter AND at >= @from AND at < @to";
    this.#stretch = db.prepare(
      `SELECT *, (
         SELECT count(*) FROM (SELECT 1 FROM reservations WHERE ${between.replace("@from", '"from"').replace("@to", '"to"')} LIMIT ${MARKED_FROM})
       ) AS count FROM (SELECT
         coalesce((SELECT max(at) FROM reservation_marks WHERE counter = @counter AND at <= @at), ${FIRST}) AS "from",
         coalesce((SELECT min(at) FROM reservation_marks WHERE counter = @counter AND at > @at), ${LAST}) AS "to")`,
    );
    const markAt = (at: string) =>
      `(SELECT before FROM reservation_marks WHERE counter = @counter AND at = ${at})`;
    this.#mark = db.prepare(
      `INSERT OR IGNORE INTO reservation_marks (counter, at, before)
       SELECT counter, at, before + coalesce(${markAt("@from")}, ${markAt("@to")} - total, 0)
       FROM (${newMarks(`reservations r WHERE ${between}`)})`,
    );
  }

  /** Why the entry cannot have what it wants; undefined: it can. */
  refusal({ at, receipt, claims = [], reservations = [] }: Wanting): Refusal | undefined {
    const taken = this.find(claims, at, receipt);
    if (taken !== undefined) return { ok: false, reason: "claimed", ...taken };
    const reservation = reservations.find(({ counter, windowMs, max }) => {
      const key = packKey(counter);
      const used = this.#reservedAfter(key, at - windowMs);
      if (used >= MARKED_FROM) this.#many.push({ counter: key, at });
      return used >= max;
    });
    return reservation && { ok: false, reason: "limit", reservation };
  }

  /** Gives the entry what it wants, after it was found that it can have it. */
  take({ at, receipt, claims = [], reservations = [] }: Wanting): void {
    if (receipt === null) return;
    const holder = packKey(receipt);
    for (const { key, fingerprint, expiresAt, optional } of claims) {
      if (optional && this.#otherHolder({ key, fingerprint }, at, receipt) !== undefined) continue;
      this.#take.run(packKey(key), packKey(fingerprint), holder, expiresAt);
    }
    for (const reservation of reservations) {
      const counter = packKey(reservation.counter);
      const keepUntil = at + Math.max(reservation.windowMs, KEEP_RESERVED_MS);
      // Two windows over one counter count the email once.
      if (this.#keep.run(keepUntil, counter, at, holder).changes > 0) continue;
      this.#reserve.run(counter, at, holder, keepUntil);
      this.#moveMarks.run(1, counter, at);
    }
  }

  release(receipt: string): void {
    const holder = packKey(receipt);
    this.#releaseClaims.run(holder);
    for (const { counter, at } of this.#releaseReservations.all(holder)) this.#moveMarks.run(-1, counter, at);
  }

  /** The first claim, optional ones aside, that another receipt than `receipt` holds, or it for something else. */
  find(claims: readonly Claim[], now: number, receipt: string | null): TakenClaim | undefined {
    for (const claim of claims) {
      const holder = claim.optional ? undefined : this.#otherHolder(claim, now, receipt);
      if (holder !== undefined) return { claim, ...holder };
    }
    return undefined;
  }

  usage({ counter, windowMs }: CounterWindow, now: number): number {
    const key = packKey(counter);
    return this.#reservedAfter(key, now - windowMs) - this.#reservedAfter(key, now);
  }

  /** At the end of a batch: sets marks where there are many reservations, and clears some of what is over away. */
  tidy(now: number): void {
    const many = this.#many;
    this.#many = [];
    for (const { counter, times } of timesOf(many)) this.#markAmong(counter, times);
    this.#purgeClaims.run(now - GRACE_MS);
    const purged = timesOf(this.#purgeReservations.all(now - GRACE_MS));
    for (const { counter, times } of purged) this.#dropMarks.run(counter, Math.max(...times));
  }

  #markAmong(counter: Key, times: readonly number[]): void {
    let left = times;
    while (left.length > 0) {
      const stretch = this.#stretch.get({ counter, at: Math.min(...left) });
      if (stretch === undefined) return;
      if (stretch.count === MARKED_FROM) this.#mark.run({ counter, ...stretch });
      left = left.filter((at) => at >= stretch.to);
    }
  }

  #reservedAfter(counter: Key, after: number): number {
    return Number(this.#countAfter.get({ counter, after }));
  }

  #otherHolder(
    { key, fingerprint }: Pick<Claim, "key" | "fingerprint">,
    now: number,
    receipt: string | null,
  ): Holder | undefined {
    const row = this.#holder.get(packKey(key), now);
    if (row === undefined) return undefined;
    const holder = { receipt: unpackKey(row.receipt), fingerprint: unpackKey(row.fingerprint) };
    return holder.receipt === receipt && holder.fingerprint === fingerprint ? undefined : holder;
  }
}

interface Times {
  readonly counter: Key;
  readonly times: readonly number[];
}

function timesOf(places: readonly Place[]): readonly Times[] {
  const found = new Map<string, { readonly counter: Key; readonly times: number[] }>();
  for (const { counter, at } of places) {
    const name = typeof counter === "string" ? `t${counter}` : `b${Buffer.from(counter).toString("hex")}`;
    const times = found.get(name)?.times;
    if (times === undefined) found.set(name, { counter, times: [at] });
    else times.push(at);
  }
  return [...found.values()];
}
