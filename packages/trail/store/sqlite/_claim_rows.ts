import type Database from "better-sqlite3";
import type { AppendResult, Claim, CounterWindow, TakenClaim, WantingEntry } from "../store.ts";
import { KEEP_RESERVED_MS } from "../taken_problems.ts";

type Wanting = Pick<WantingEntry, "at" | "receipt" | "claims" | "reservations">;
type Refusal = Extract<AppendResult, { readonly ok: false }>;
type Holder = { readonly receipt: string; readonly fingerprint: string };

/** What is over stays for a while, since clocks of several gateways differ. */
const GRACE_MS = 60 * 60_000;

/** How many rows of each kind a batch clears away at most: more than a batch adds. */
const PURGE_ROWS = 1000;

/** Claims and reservations in the database: what an entry takes, and whether it may. */
export class ClaimRows {
  readonly #holder: Database.Statement<[string, number], Holder>;
  readonly #take: Database.Statement<[string, string, string, number]>;
  readonly #count: Database.Statement<[string, number], number>;
  readonly #countUntil: Database.Statement<[string, number, number], number>;
  readonly #reserve: Database.Statement<[string, number, string, number]>;
  readonly #release: readonly Database.Statement<[string]>[];
  readonly #purge: readonly Database.Statement<[number]>[];

  constructor(db: Database.Database) {
    // While nobody knows whether an email left, what it claims stays taken.
    const isOpen = "receipt IN (SELECT receipt FROM open_intents)";
    this.#holder = db.prepare(
      `SELECT receipt, fingerprint FROM claims WHERE key = ? AND (expires_at > ? OR ${isOpen})`,
    );
    this.#take = db.prepare(
      "INSERT OR REPLACE INTO claims (key, fingerprint, receipt, expires_at) VALUES (?, ?, ?, ?)",
    );
    const count = "SELECT count(*) FROM reservations WHERE counter = ? AND at > ?";
    this.#count = db.prepare<[string, number], number>(count).pluck();
    this.#countUntil = db.prepare<[string, number, number], number>(`${count} AND at <= ?`).pluck();
    // Two windows over one counter count the email once.
    this.#reserve = db.prepare(
      `INSERT INTO reservations (counter, at, receipt, keep_until) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET keep_until = max(keep_until, excluded.keep_until)`,
    );
    this.#release = ["claims", "reservations"].map((table) =>
      db.prepare(`DELETE FROM ${table} WHERE receipt = ?`),
    );
    this.#purge = [
      db.prepare(`DELETE FROM claims WHERE expires_at <= ? AND NOT ${isOpen} LIMIT ${PURGE_ROWS}`),
      db.prepare(`DELETE FROM reservations WHERE keep_until <= ? LIMIT ${PURGE_ROWS}`),
    ];
  }

  /** Why the entry cannot have what it wants; undefined: it can. */
  refusal({ at, receipt, claims = [], reservations = [] }: Wanting): Refusal | undefined {
    const taken = this.find(claims, at, receipt);
    if (taken !== undefined) return { ok: false, reason: "claimed", ...taken };
    const reservation = reservations.find(
      ({ counter, windowMs, max }) => Number(this.#count.get(counter, at - windowMs)) >= max,
    );
    return reservation && { ok: false, reason: "limit", reservation };
  }

  /** Gives the entry what it wants, after it was found that it can have it. */
  take({ at, receipt, claims = [], reservations = [] }: Wanting): void {
    if (receipt === null) return;
    for (const { key, fingerprint, expiresAt, optional } of claims) {
      if (optional && this.#otherHolder({ key, fingerprint }, at, receipt) !== undefined) continue;
      this.#take.run(key, fingerprint, receipt, expiresAt);
    }
    for (const { counter, windowMs } of reservations) {
      this.#reserve.run(counter, at, receipt, at + Math.max(windowMs, KEEP_RESERVED_MS));
    }
  }

  release(receipt: string): void {
    for (const statement of this.#release) statement.run(receipt);
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
    return Number(this.#countUntil.get(counter, now - windowMs, now));
  }

  /** Clears some of what is over away. */
  purge(now: number): void {
    for (const statement of this.#purge) statement.run(now - GRACE_MS);
  }

  #otherHolder(
    { key, fingerprint }: Pick<Claim, "key" | "fingerprint">,
    now: number,
    receipt: string | null,
  ): Holder | undefined {
    const holder = this.#holder.get(key, now);
    return holder?.receipt === receipt && holder.fingerprint === fingerprint ? undefined : holder;
  }
}
