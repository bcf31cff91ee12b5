import { reservedAfter } from "../reservation_marks.ts";
import type { Claim, CounterWindow, TakenClaim } from "../store.ts";
import { columnText } from "./_column_text.ts";
import type { Queries } from "./_tree_rows.ts";

type HolderRow = { key: string; receipt: string; fingerprint: string; expires_at: number; open: boolean };

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
  until: number,
): Promise<readonly number[]> {
  if (windows.length === 0) return [];
  const { rows } = await db.query<{ count: number }>(
    `SELECT ${reservedAfter("w.counter", "w.after")} - ${reservedAfter("w.counter", "$3::bigint")} AS count
     FROM unnest($1::text[], $2::bigint[]) WITH ORDINALITY AS w (counter, after, place) ORDER BY place`,
    [windows.map(({ counter }) => counter), windows.map(({ after }) => after), until],
  );
  return rows.map(({ count }) => count);
}
