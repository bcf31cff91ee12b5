import type pg from "pg";
import { splitHashes } from "../split_hashes.ts";
import type { TrailProblem } from "../trail_problem.ts";
import type { ListedRow, TrailPage } from "../trail_source.ts";
import { inSnapshot, type Session } from "./_in_snapshot.ts";
import { integrityProblems, isWrongData } from "./_integrity_problems.ts";
import { pageRows } from "./_page_rows.ts";
import { schemaProblems } from "./_schema_problems.ts";
import { takenBeside } from "./_taken_rows.ts";
import type { HeadRow, Queries } from "./_tree_rows.ts";

/** How many records are read at a time, and about how many bytes of them and of their sealed values. */
const PAGE_ROWS = 512;
const PAGE_BYTES = 16 * 1024 * 1024;

/** Before and behind every place that can be told exactly. */
const FIRST = Number.MIN_SAFE_INTEGER;
const LAST = Number.MAX_SAFE_INTEGER;

/** What a trail without a head says: nothing. */
const NO_HEAD: HeadRow = { size: 0, root: Buffer.of(), frontier: Buffer.of() };

interface ReadPage {
  readonly page: TrailPage;
  readonly next: number;
}

/**
 * Reads everything that a verification needs, in pages of one snapshot each; the next is read while one is looked at.
 * Between pages no snapshot is held, so that a verification of hours keeps nothing from being cleared away.
 */
export async function* verifyPages(pool: pg.Pool): AsyncGenerator<TrailPage> {
  let reading = readPage(pool, FIRST);
  while (true) {
    const { page, next } = await reading;
    if (page.end === undefined) {
      reading = readPage(pool, next);
      // It is waited for later, if at all.
      reading.catch(() => undefined);
    }
    yield page;
    if (page.end !== undefined) return;
  }
}

/** The records from `from` on that fit, and all that belongs to them; from the last page on, all that is left. */
async function readPage(pool: pg.Pool, from: number): Promise<ReadPage> {
  const to = await endOfPage(pool, from);
  const { page, next } = to < LAST ? await readRows(pool, from, to) : await readLast(pool, from);
  const derived = await integrityProblems(pool, [from, next]);
  return { page: { ...page, problems: [...(page.problems ?? []), ...derived] }, next };
}

/** One statement sees everything in one moment; two need a transaction. More may have been appended before it. */
function readLast(pool: pg.Pool, from: number): Promise<ReadPage> {
  return inSnapshot(pool, async (session) => {
    const to = await endOfPage(session, from);
    const { page, next, frontier } = await readRows(session, from, to);
    if (to < LAST) return { page, next };
    const schema = await schemaProblems(session);
    const end = { frontier: splitHashes(frontier), ...(await readEnd(session)) };
    return { page: { ...page, problems: schema, end }, next };
  });
}

async function readRows(
  db: Queries,
  from: number,
  to: number,
): Promise<ReadPage & { readonly frontier: Uint8Array }> {
  const { head = NO_HEAD, ...rows } = await pageRows(db, { from, to });
  const { size, root, frontier } = head;
  return { page: { head: { size, root }, ...rows }, next: to, frontier };
}

/** How far a page goes that begins at `from`; `LAST` when everything fits. */
async function endOfPage(session: Queries, from: number): Promise<number> {
  const { rows } = await session.query<{ count: number; last: number | null; bytes: number }>(
    `SELECT count(*), max(seq) AS last, coalesce(sum(bytes), 0)::bigint AS bytes FROM (${SIZES}) AS sizes`,
    [from],
  );
  const { count = 0, last = null, bytes = 0 } = rows[0] ?? {};
  if (bytes <= PAGE_BYTES) return count < PAGE_ROWS ? LAST : (last ?? 0) + 1;
  const each = await session.query<{ seq: number; bytes: number }>(SIZES, [from]);
  let sum = 0;
  const fit = each.rows.find((row, index) => {
    sum += row.bytes;
    return sum > PAGE_BYTES && index > 0;
  });
  return fit?.seq ?? (last ?? 0) + 1;
}

const SIZES = `
  SELECT r.seq, (octet_length(r.json) + (
    SELECT coalesce(sum(octet_length(s.value)), 0) FROM sealed s
    WHERE s.id >= r.seq << 16 AND s.id < (r.seq + 1) << 16
  ))::bigint AS bytes
  FROM records r WHERE r.seq >= $1 ORDER BY r.seq LIMIT ${PAGE_ROWS}`;

async function readEnd(session: Session): Promise<Omit<NonNullable<TrailPage["end"]>, "frontier">> {
  const list = async (table: string) =>
    (await session.query<ListedRow>(`SELECT receipt, seq FROM ${table}`)).rows;
  const texts = await session.query<{ hash: string; text: Uint8Array }>(
    "SELECT hash, text FROM policy_texts",
  );
  return {
    openIntents: await list("open_intents"),
    watchedEmails: await list("watched_emails"),
    policyTexts: texts.rows.map(({ hash, text }) => ({ hash, text: Buffer.from(text).toString("utf8") })),
    otherwise: await takenProblemsOf(session),
  };
}

/** One of the records may be no JSON: that is found out by itself. */
async function takenProblemsOf(session: Session): Promise<readonly TrailProblem[]> {
  await session.query("SAVEPOINT taken");
  try {
    return await takenBeside(session);
  } catch (error) {
    if (!isWrongData(error)) throw error;
    await session.query("ROLLBACK TO taken");
    return [];
  }
}
