import type pg from "pg";
import { leafHash, rangeFrontier, STORED_LEVELS } from "../../tree/mod.ts";
import { MAX_SEALED } from "../max_sealed.ts";
import type { TrailStore } from "../store.ts";
import { TrailUnavailableError } from "../trail_unavailable_error.ts";
import { checkServer } from "./_check_server.ts";
import { createPool } from "./_create_pool.ts";
import { inSnapshot, type Session } from "./_in_snapshot.ts";
import { checkVersion, migrate } from "./_migrate.ts";
import { schemaProblems } from "./_schema_problems.ts";
import { PostgresTrail } from "./_trail.ts";
import { frontierOf, TreeRows } from "./_tree_rows.ts";
import { messageOf, unavailable } from "./_unavailable.ts";

/** How to open a trail in PostgreSQL. */
export interface OpenPostgresTrailOptions {
  /** To read only; a role that may only read can. A trail whose records were tampered with opens too, to be looked at. */
  readonly readonly?: boolean;
  /** To verify it, with `readonly`: whatever its schema is. Answers may then leave records out. */
  readonly unchecked?: boolean;
  /**
   * For how long appends may wait for a server that does not answer, in milliseconds; default 10,000. Then they end, and
   * what became of those that were under way is found out by whoever settles what is open.
   */
  readonly patienceMs?: number;
}

/** One appends; another session looks up a commit that is in doubt. Readers share the rest. */
const WRITING = 2;
const READING = 8;

/**
 * Opens the trail in a database, in the schema "countersign", and makes it if there is none. Any number of programs can
 * have it open. The URL is in no error.
 *
 * @throws {TrailUnavailableError} when the database cannot be reached, is newer than this program, does not write
 * durably, or, if the trail is to be appended to, its head is not that of its last records
 */
export async function openPostgresTrail(
  url: string,
  { readonly = false, unchecked = false, patienceMs = 10_000 }: OpenPostgresTrailOptions = {},
): Promise<TrailStore> {
  const pools: pg.Pool[] = [];
  try {
    const [writing, reading] = [WRITING, READING].map((max) => {
      const pool = createPool(url, { readonly, max });
      pools.push(pool);
      return pool;
    }) as [pg.Pool, pg.Pool];
    await checkServer(writing, { readonly });
    if (!readonly) await migrate(writing);
    await checkVersion(writing);
    if (!(readonly && unchecked)) await checkSchema(writing);
    if (!readonly) {
      await inSnapshot(writing, checkHead);
      await writing.query("DELETE FROM writers WHERE at < now() - interval '7 days'");
    }
    return new PostgresTrail({ writing, reading }, { patienceMs });
  } catch (error) {
    for (const pool of pools) await pool.end();
    const { cause } = unavailable("open", error);
    throw new TrailUnavailableError(`Cannot open the trail in PostgreSQL: ${messageOf(error)}`, { cause });
  }
}

/** What is found through another schema may leave records out, and appending may do something else besides. */
async function checkSchema(pool: pg.Pool): Promise<void> {
  const [problem] = await schemaProblems(pool);
  if (problem === undefined) return;
  const message = problem.message.charAt(0).toLowerCase() + problem.message.slice(1);
  throw new Error(`${message}; keep a copy of the database, and run countersign audit verify`);
}

/** Whether appending can go on from the head: what it says is what the last records and the stored nodes make. */
async function checkHead(session: Session): Promise<void> {
  const tree = new TreeRows(session);
  const head = await tree.head();
  const { rows } = await session.query<{ seq: number; json: string; leaf: Uint8Array }>(
    "SELECT seq, json, leaf FROM records ORDER BY seq DESC LIMIT 1",
  );
  const [last] = rows;
  const next = (last?.seq ?? -1) + 1;
  if (next !== head.size)
    throw new Error(`its head must be of size ${next}, got ${head.size}; run audit verify`);
  frontierOf(head);
  if (last !== undefined && Buffer.compare(leafHash(last.json), last.leaf) !== 0) {
    throw new Error(`record ${last.seq} does not hash to its leaf; run audit verify`);
  }
  const wanted = Buffer.concat(await rangeFrontier(0, head.size, tree));
  if (Buffer.compare(wanted, head.frontier) !== 0) {
    throw new Error("its head is not that of its last records; run audit verify");
  }
  await checkAhead(session, head.size);
}

/** What lies where the next records and what belongs to them will come: it would keep them from being appended. */
async function checkAhead(session: Session, size: number): Promise<void> {
  const { rows } = await session.query<{ name: string }>(
    `SELECT 'nodes' AS name WHERE EXISTS (SELECT 1 FROM unnest($1::int[], $2::bigint[]) AS first (level, idx)
       JOIN nodes n ON n.level = first.level AND n.idx >= first.idx)
     UNION ALL SELECT 'sealed' WHERE EXISTS (SELECT 1 FROM sealed WHERE id >= $3)
     UNION ALL SELECT 'recipients' WHERE EXISTS (SELECT 1 FROM recipients WHERE seq >= $4)
     UNION ALL SELECT 'rules' WHERE EXISTS (SELECT 1 FROM rules WHERE seq >= $4)
     UNION ALL SELECT 'checkpoints' WHERE EXISTS (SELECT 1 FROM checkpoints WHERE seq >= $4)`,
    [LEVELS, LEVELS.map((level) => Math.floor(size / 2 ** level)), size * MAX_SEALED, size],
  );
  if (rows.length > 0) {
    const tables = rows.map(({ name }) => name).join(", ");
    throw new Error(`it has rows beyond its head, in ${tables}; run audit verify`);
  }
}

const LEVELS: readonly number[] = STORED_LEVELS.slice(1);
