import type { EffectiveEntry } from "../prepare_entry.ts";
import type { Claim, CounterWindow, Reservation, TakenClaim } from "../store.ts";
import { columnText } from "./_column_text.ts";
import type { Queries } from "./_tree_rows.ts";

/** Who holds a claim. */
export interface Holder {
  readonly receipt: string;
  readonly fingerprint: string;
  readonly expiresAt: number;
}

/** An email that was counted. */
export interface ReservedRow {
  readonly counter: string;
  readonly at: number;
  readonly receipt: string;
}

/** What is in the database of all that a batch may ask for. */
export interface ClaimState {
  /** By key. */
  readonly holders: ReadonlyMap<string, Holder>;
  /** Receipts of holders whose intent is open: their claims do not expire. */
  readonly open: ReadonlySet<string>;
  /** How many there are after a time, by `windowKey`. */
  readonly counts: ReadonlyMap<string, number>;
  /** All of the receipts that reserve or release in the batch. */
  readonly reserved: readonly ReservedRow[];
}

type HolderRow = { key: string; receipt: string; fingerprint: string; expires_at: number; open: boolean };

/** Names a counter's reservations after a time. */
export function windowKey(counter: string, after: number): string {
  return `${after} ${counter}`;
}

/** Reads what `entries` may ask for, in few round trips however many they are. */
export async function readClaimState(db: Queries, entries: readonly EffectiveEntry[]): Promise<ClaimState> {
  const keys = new Set(entries.flatMap(({ claims = [] }) => claims.map(({ key }) => columnText(key))));
  const windows = new Map<string, { readonly counter: string; readonly after: number }>();
  const receipts = new Set<string>();
  for (const { at, receipt, reservations = [], releases } of entries) {
    for (const { counter, windowMs } of reservations) {
      const window = { counter: columnText(counter), after: at - windowMs };
      windows.set(windowKey(window.counter, window.after), window);
    }
    if (receipt !== null && (releases || reservations.length > 0)) receipts.add(columnText(receipt));
  }
  const holders = await readHolders(db, [...keys]);
  const list = [...windows.values()];
  const counts = await countAfter(db, list);
  return {
    holders: new Map(holders.map((row) => [row.key, { ...row, expiresAt: row.expires_at }])),
    open: new Set(holders.filter(({ open }) => open).map(({ receipt }) => receipt)),
    counts: new Map(list.map(({ counter, after }, index) => [windowKey(counter, after), counts[index] ?? 0])),
    reserved: await readReserved(db, [...receipts]),
  };
}

/** The first claim, optional ones aside, that a receipt holds at `now`. */
export async function findClaim(
  db: Queries,
  claims: readonly Claim[],
  now: number,
): Promise<TakenClaim | undefined> {
  const wanted = claims.filter(({ optional }) => !optional);
  const rows = await readHolders(
    db,
    wanted.map(({ key }) => columnText(key)),
  );
  for (const claim of wanted) {
    const row = rows.find(({ key }) => key === columnText(claim.key));
    if (row !== undefined && (row.open || row.expires_at > now)) {
      return { claim, receipt: row.receipt, fingerprint: row.fingerprint };
    }
  }
  return undefined;
}

/** How many reservations of each counter fall in its window that ends at `now`. */
export async function usageOf(
  db: Queries,
  counters: readonly CounterWindow[],
  now: number,
): Promise<readonly number[]> {
  const windows = counters.map(({ counter, windowMs }) => ({
    counter: columnText(counter),
    after: now - windowMs,
  }));
  return countAfter(db, windows, now);
}

/** What a reservation is counted under. */
export function counterOf({ counter }: Pick<Reservation, "counter">): string {
  return columnText(counter);
}

async function readHolders(db: Queries, keys: readonly string[]): Promise<readonly HolderRow[]> {
  if (keys.length === 0) return [];
  const { rows } = await db.query<HolderRow>(
    `SELECT c.key, c.receipt, c.fingerprint, c.expires_at, o.receipt IS NOT NULL AS open
     FROM claims c LEFT JOIN open_intents o ON o.receipt = c.receipt WHERE c.key = ANY ($1)`,
    [keys],
  );
  return rows;
}

async function countAfter(
  db: Queries,
  windows: readonly { readonly counter: string; readonly after: number }[],
  until: number = Number.MAX_SAFE_INTEGER,
): Promise<readonly number[]> {
  if (windows.length === 0) return [];
  const { rows } = await db.query<{ count: number }>(
    `SELECT (SELECT count(*) FROM reservations r WHERE r.counter = w.counter AND r.at > w.after AND r.at <= $3)
     FROM unnest($1::text[], $2::bigint[]) WITH ORDINALITY AS w (counter, after, place) ORDER BY place`,
    [windows.map(({ counter }) => counter), windows.map(({ after }) => after), until],
  );
  return rows.map(({ count }) => count);
}

async function readReserved(db: Queries, receipts: readonly string[]): Promise<readonly ReservedRow[]> {
  if (receipts.length === 0) return [];
  const { rows } = await db.query<ReservedRow>(
    "SELECT counter, at, receipt FROM reservations WHERE receipt = ANY ($1)",
    [receipts],
  );
  return rows;
}
