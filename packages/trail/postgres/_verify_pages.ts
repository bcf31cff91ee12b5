import type pg from "pg";
import { MAX_SEALED } from "../_prepare_entry.ts";
import { splitHashes } from "../_split_hashes.ts";
import type { StoredCheckpoint } from "../store.ts";
import { STORED_LEVELS } from "../tree/mod.ts";
import type { IndexRow, ListedRow, TrailPage, TrailRow } from "../verify/mod.ts";
import { derivedProblems } from "./_derived_problems.ts";
import { inSnapshot, type Session } from "./_in_snapshot.ts";
import { type PackedRow, SEALED_COLUMNS, unpackRow } from "./_sealed_rows.ts";
import { type HeadRow, SELECT_HEAD } from "./_tree_rows.ts";

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

function readPage(pool: pg.Pool, from: number): Promise<ReadPage> {
  return inSnapshot(pool, (session) => pageFrom(session, from));
}

/** The records from `from` on that fit, and all that belongs to them; from the last page on, all that is left. */
async function pageFrom(session: Session, from: number): Promise<ReadPage> {
  const to = await endOfPage(session, from);
  const span = [from, to];
  const ids = span.map((seq) => Math.max(FIRST, Math.min(LAST, seq * MAX_SEALED)));
  const heads = await session.query<HeadRow>(SELECT_HEAD);
  const rows = await session.query<TrailRow>(
    "SELECT seq, json, leaf FROM records WHERE seq >= $1 AND seq < $2 ORDER BY seq",
    span,
  );
  const sealed = await session.query<PackedRow>(
    `SELECT ${SEALED_COLUMNS} FROM sealed WHERE id >= $1 AND id < $2 ORDER BY id`,
    ids,
  );
  const indexOf = async (table: string, column: string) =>
    (
      await session.query<IndexRow>(
        `SELECT seq, ${column} AS text FROM ${table} WHERE seq >= $1 AND seq < $2`,
        span,
      )
    ).rows;
  const notes = await session.query<StoredCheckpoint>(
    "SELECT seq, note FROM checkpoints WHERE seq >= $1 AND seq < $2 ORDER BY seq",
    span,
  );
  const { size, root, frontier } = heads.rows[0] ?? NO_HEAD;
  const page = {
    head: { size, root },
    rows: rows.rows,
    nodes: await readNodes(session, from, to),
    sealed: sealed.rows.map(unpackRow),
    recipients: await indexOf("recipients", "base"),
    rules: await indexOf("rules", "rule"),
    checkpoints: notes.rows,
    problems: await derivedProblems(session, span),
  };
  if (to < LAST) return { page, next: to };
  return {
    page: { ...page, end: { frontier: splitHashes(frontier), ...(await readEnd(session)) } },
    next: to,
  };
}

/** How far a page goes that begins at `from`; `LAST` when everything fits. */
async function endOfPage(session: Session, from: number): Promise<number> {
  const { rows } = await session.query<{ seq: number; bytes: number }>(
    `SELECT r.seq, octet_length(r.json)
       + (SELECT coalesce(sum(octet_length(s.value)), 0) FROM sealed s WHERE s.id >= r.seq << 16 AND s.id < (r.seq + 1) << 16) AS bytes
     FROM records r WHERE r.seq >= $1 ORDER BY r.seq LIMIT ${PAGE_ROWS}`,
    [from],
  );
  let bytes = 0;
  for (const [index, row] of rows.entries()) {
    bytes += Number(row.bytes);
    if (bytes > PAGE_BYTES && index > 0) return row.seq;
  }
  return rows.length < PAGE_ROWS ? LAST : (rows.at(-1)?.seq ?? 0) + 1;
}

async function readNodes(
  session: Session,
  from: number,
  to: number,
): Promise<NonNullable<TrailPage["nodes"]>> {
  const { rows } = await session.query<NonNullable<TrailPage["nodes"]>[number]>(
    `SELECT n.level, n.idx AS index, n.hash
     FROM unnest($1::int[], $2::bigint[], $3::bigint[]) AS span (level, first, last)
     JOIN nodes n ON n.level = span.level AND n.idx >= span.first AND n.idx < span.last`,
    [LEVELS, LEVELS.map((level) => completedBy(level, from)), LEVELS.map((level) => completedBy(level, to))],
  );
  return rows;
}

const LEVELS: readonly number[] = STORED_LEVELS.slice(1);

/** How many subtrees of a level the records before `seq` complete. */
function completedBy(level: number, seq: number): number {
  return Math.floor(seq / 2 ** level);
}

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
  };
}
