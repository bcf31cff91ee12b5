import type { EffectiveEntry } from "../prepare_entry.ts";
import type { AppendResult, Claim } from "../store.ts";
import { KEEP_RESERVED_MS } from "../taken_problems.ts";
import { type ClaimState, counterOf, type Holder, type ReservedRow, windowKey } from "./_claim_rows.ts";
import { columnText } from "./_column_text.ts";

type Refusal = Extract<AppendResult, { readonly ok: false }>;

/** A row of `reservations` that a batch writes. */
export interface NewReservation extends ReservedRow {
  readonly keepUntil: number;
}

/**
 * Claims and reservations while a batch is gone through: what was in the database under the head's lock, and what the
 * batch's entries did to it so far, each seeing those before it, as if they had come one by one.
 */
export class ClaimsLedger {
  readonly #state: ClaimState;
  /** Keys that the batch changed; null: free now. */
  readonly #changed = new Map<string, Holder | null>();
  readonly #released = new Set<string>();
  /** Intents that the batch opened or settled. */
  readonly #open = new Map<string, boolean>();
  readonly #added = new Map<string, NewReservation>();
  /** What the database has of the batch's receipts, by `rowKey`. */
  readonly #reserved: Map<string, ReservedRow>;
  readonly #gone: ReservedRow[] = [];

  constructor(state: ClaimState) {
    this.#state = state;
    this.#reserved = new Map(state.reserved.map((row) => [rowKey(row), row]));
  }

  /** Why the entry cannot have what it wants; undefined: it can. */
  refusal({ at, receipt, claims = [], reservations = [] }: EffectiveEntry): Refusal | undefined {
    for (const claim of claims) {
      const holder = claim.optional ? undefined : this.#otherHolder(claim, at, receipt);
      if (holder === undefined) continue;
      const { receipt: by, fingerprint } = holder;
      return { ok: false, reason: "claimed", claim, receipt: by, fingerprint };
    }
    const reservation = reservations.find(
      (one) => this.#countAfter(counterOf(one), at - one.windowMs) >= one.max,
    );
    return reservation && { ok: false, reason: "limit", reservation };
  }

  /** Takes an entry in that was not refused. */
  take({ at, receipt, claims = [], reservations = [], releases, opens, settles }: EffectiveEntry): void {
    if (receipt === null) return;
    const by = columnText(receipt);
    if (releases) this.#release(by);
    for (const claim of claims) {
      if (claim.optional && this.#otherHolder(claim, at, receipt) !== undefined) continue;
      const { fingerprint, expiresAt } = claim;
      this.#changed.set(columnText(claim.key), {
        receipt: by,
        fingerprint: columnText(fingerprint),
        expiresAt,
      });
    }
    for (const one of reservations) {
      const row = { counter: counterOf(one), at, receipt: by };
      const keepUntil = at + Math.max(one.windowMs, KEEP_RESERVED_MS);
      const known = this.#added.get(rowKey(row));
      this.#added.set(rowKey(row), { ...row, keepUntil: Math.max(keepUntil, known?.keepUntil ?? 0) });
    }
    if (settles) this.#open.set(by, false);
    if (opens) this.#open.set(by, true);
  }

  /** Receipts whose rows in the database go first. */
  get released(): readonly string[] {
    return [...this.#released];
  }

  /** Keys whose row in the database goes, whoever's it is. */
  get freed(): readonly string[] {
    return [...this.#changed].filter(([, holder]) => holder === null).map(([key]) => key);
  }

  get taken(): readonly (Holder & { readonly key: string })[] {
    return [...this.#changed].flatMap(([key, holder]) => (holder === null ? [] : [{ key, ...holder }]));
  }

  get reservations(): readonly NewReservation[] {
    return [...this.#added.values()];
  }

  #otherHolder(claim: Claim, now: number, receipt: string | null): Holder | undefined {
    const key = columnText(claim.key);
    const changed = this.#changed.get(key);
    const holder = changed === undefined ? this.#stored(key) : (changed ?? undefined);
    if (holder === undefined) return undefined;
    const isOwn = receipt !== null && holder.receipt === columnText(receipt);
    if (isOwn && holder.fingerprint === columnText(claim.fingerprint)) return undefined;
    const isOpen = this.#open.get(holder.receipt) ?? this.#state.open.has(holder.receipt);
    return isOpen || holder.expiresAt > now ? holder : undefined;
  }

  #stored(key: string): Holder | undefined {
    const holder = this.#state.holders.get(key);
    return holder !== undefined && this.#released.has(holder.receipt) ? undefined : holder;
  }

  #countAfter(counter: string, after: number): number {
    const isIn = (row: ReservedRow) => row.counter === counter && row.at > after;
    const stored = this.#state.counts.get(windowKey(counter, after)) ?? 0;
    // A row that is there already is not counted twice.
    const added = [...this.#added].filter(([key, row]) => isIn(row) && !this.#reserved.has(key));
    return stored - this.#gone.filter(isIn).length + added.length;
  }

  #release(receipt: string): void {
    this.#released.add(receipt);
    for (const [key, holder] of this.#changed) if (holder?.receipt === receipt) this.#changed.set(key, null);
    for (const [key, row] of this.#added) if (row.receipt === receipt) this.#added.delete(key);
    for (const [key, row] of this.#reserved) {
      if (row.receipt !== receipt) continue;
      this.#gone.push(row);
      this.#reserved.delete(key);
    }
  }
}

function rowKey({ counter, at, receipt }: ReservedRow): string {
  return JSON.stringify([counter, at, receipt]);
}
