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

/** Where a page begins and ends; it ends at `LAST` when everything that is left fits. */
interface Stretch {
  readonly from: number;
  readonly to: number;
}

interface ReadRows {
  readonly page: TrailPage;
  readonly frontier: Uint8Array;
  readonly unclear: readonly number[];
}

interface ReadPage {
  readonly page: TrailPage;
  readonly next: Stretch;
}

/**
 * Reads everything that a verification needs, in pages of one snapshot each; the next is read while one is looked at.
 * Between pages no snapshot is held, so that a verification of hours keeps nothing from being cleared away.
 */
export async function* verifyPages(pool: pg.Pool): AsyncGenerator<TrailPage> {
  let reading = readPage(pool, { from: FIRST, to: await endOfPage(pool, FIRST) });
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

/** A page and what the next one is; of all that is left, only what is the page's when more was appended meanwhile. */
async function readPage(pool: pg.Pool, { from, to }: Stretch): Promise<ReadPage> {
  if (to === LAST) return readLast(pool, from);
  // All at once: records are added only, so that the moments in which each is read make no difference.
  const [{ page, unclear }, end] = await Promise.all([readRows(pool, from, to), endOfPage(pool, to)]);
  return { page: { ...page, problems: await integrityProblems(pool, unclear) }, next: { from: to, to: end } };
}

/** One statement sees everything in one moment; two need a transaction. More may have been appended before it. */
async function readLast(pool: pg.Pool, from: number): Promise<ReadPage> {
  const { page, to, unclear } = await inSnapshot(pool, async (session) => {
    const to = await endOfPage(session, from);
    const { page, frontier, unclear } = await readRows(session, from, to);
    if (to < LAST) return { page, to, unclear };
    const schema = await schemaProblems(session);
    const end = { frontier: splitHashes(frontier), ...(await readEnd(session)) };
    return { page: { ...page, problems: schema, end }, to, unclear };
  });
  const derived = await integrityProblems(pool, unclear);
  const next = { from: to, to: to < LAST ? await endOfPage(pool, to) : LAST };
  return { page: { ...page, problems: [...(page.problems ?? []), ...derived] }, next };
}

async function readRows(db: Queries, from: number, to: number): Promise<ReadRows> {
  const { head = NO_HEAD, unclear, ...rows } = await pageRows(db, { from, to });
  const { size, root, frontier } = head;
  return { page: { head: { size, root }, ...rows }, frontier, unclear };
}

/** How far a page goes that begins at `from`; `LAST` when everything fits. */
async function endOfPage(session: Queries, from: number): Promise<number> {
  const { rows } = await session.query<{ count: number; last: number | null; bytes: number }>(SIZE, [from]);
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

/** Of as many records as a page has at most, with the values that lie between the first and the last of them. */
const SIZE = `
  SELECT count, last, (bytes + (
    SELECT coalesce(sum(octet_length(s.value)), 0) FROM sealed s WHERE s.id >= first << 16 AND s.id < (last + 1) << 16
  ))::bigint AS bytes
  FROM (
    SELECT count(*), min(seq) AS first, max(seq) AS last, coalesce(sum(octet_length(json)), 0) AS bytes
    FROM (SELECT seq, json FROM records WHERE seq >= $1 ORDER BY seq LIMIT ${PAGE_ROWS}) AS page
  ) AS records`;

/** Of each of these records. */
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
