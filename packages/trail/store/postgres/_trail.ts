import type pg from "pg";
import type { RecordKind } from "../../record/record_kind.ts";
import type { Commitment } from "../../record/sealed.ts";
import { toIsoTime } from "../../record/to_iso_time.ts";
import type { TreeHead } from "../../tree/tree_head.ts";
import { AppendQueue } from "../append_queue.ts";
import type {
  Appended,
  AppendResult,
  AssistantFilter,
  CheckpointsFilter,
  Claim,
  CounterWindow,
  SureEntry,
  TakenClaim,
  TrailFilter,
  TrailStore,
  ValuesFilter,
  WantingEntry,
} from "../store.ts";
import type { StoredCheckpoint, StoredRecord } from "../stored.ts";
import type { SealedRow, TrailPage } from "../trail_source.ts";
import { BatchWriter, type BatchWriterOptions } from "./_batch_writer.ts";
import { checkpointPages, replaceNote } from "./_checkpoint_rows.ts";
import { findClaim, usageOf } from "./_claim_rows.ts";
import { columnText } from "./_column_text.ts";
import { OUTSIDE_READ } from "./_migrations.ts";
import { countRecords, listedRows, recordPages, storedRecordOf } from "./_record_rows.ts";
import { scrub } from "./_scrub.ts";
import { type PackedRow, sealedPages, unpackBytes } from "./_sealed_rows.ts";
import { TreeRows } from "./_tree_rows.ts";
import { unavailable } from "./_unavailable.ts";
import { verifyPages } from "./_verify_pages.ts";

/** Sessions that a trail works with. */
export interface Pools {
  /** Appends, with a session that no reader takes away. */
  readonly writing: pg.Pool;
  readonly reading: pg.Pool;
}

/** The trail in a PostgreSQL database. */
export class PostgresTrail implements TrailStore {
  readonly #writing: pg.Pool;
  readonly #reading: pg.Pool;
  readonly #tree: TreeRows;
  readonly #queue: AppendQueue;
  #closing: Promise<void> | undefined;

  /** Takes the pools over. */
  constructor({ writing, reading }: Pools, options: BatchWriterOptions) {
    this.#writing = writing;
    this.#reading = reading;
    this.#tree = new TreeRows(reading);
    const writer = new BatchWriter(writing, options);
    this.#queue = new AppendQueue((batch) => attempt("append to", () => writer.write(batch)));
  }

  append(entry: SureEntry): Promise<Appended> {
    return this.#queue.append(entry);
  }

  appendAll(entries: readonly SureEntry[]): Promise<readonly Appended[]> {
    return this.#queue.appendAll(entries);
  }

  tryAppend(entry: WantingEntry): Promise<AppendResult> {
    return this.#queue.tryAppend(entry);
  }

  tryAppendAll(entries: readonly WantingEntry[]): Promise<readonly AppendResult[]> {
    return this.#queue.tryAppendAll(entries);
  }

  findClaim(claims: readonly Claim[], now: number): Promise<TakenClaim | undefined> {
    return attempt("read", () => findClaim(this.#reading, claims, now));
  }

  async head(): Promise<TreeHead> {
    const { size, root } = await attempt("read", () => this.#tree.head());
    return { size, root };
  }

  hashes(level: number, first: number, count: number): Promise<readonly Uint8Array[]> {
    return attempt("read", () => this.#tree.hashes(level, first, count));
  }

  async *records<Kind extends RecordKind = RecordKind>(
    filter: TrailFilter & { readonly kind?: Kind } = {},
  ): AsyncGenerator<StoredRecord<Kind>> {
    const { size } = await this.head();
    for await (const row of each(recordPages(this.#reading, filter, size))) {
      yield await attempt("read", async () => storedRecordOf<Kind>(row));
    }
  }

  async count(filter: TrailFilter = {}): Promise<number> {
    const { size } = await this.head();
    return attempt("read", () => countRecords(this.#reading, filter, size));
  }

  async recordsOf(receipt: string): Promise<readonly StoredRecord[]> {
    const found: StoredRecord[] = [];
    for await (const record of this.records({ receipt })) found.push(record);
    return found;
  }

  openIntents(of?: AssistantFilter): Promise<readonly StoredRecord<"intent">[]> {
    return attempt("read", () => listedRows<"intent">(this.#reading, "open_intents", of));
  }

  watchedEmails(of?: AssistantFilter): Promise<readonly StoredRecord<"outcome">[]> {
    return attempt("read", () => listedRows<"outcome">(this.#reading, "watched_emails", of));
  }

  async receiptOf(email: string): Promise<string | undefined> {
    const [row] = await this.#rows<{ receipt: string }>(
      "SELECT receipt FROM records WHERE taken = $1 AND receipt IS NOT NULL LIMIT 1",
      [columnText(email)],
    );
    return row?.receipt;
  }

  async latestReceipt(team: string, assistant: string): Promise<string | undefined> {
    const [row] = await this.#rows<{ receipt: string }>(
      "SELECT receipt FROM records WHERE assistant = $1 AND team = $2 AND is_email ORDER BY seq DESC LIMIT 1",
      [columnText(assistant), columnText(team)],
    );
    return row?.receipt;
  }

  async firstOutsideRead(team: string, since: number): Promise<number | undefined> {
    const [row] = await this.#rows<{ at: string | null }>(
      `SELECT min(at) AS at FROM records WHERE team = $1 AND at >= $2 AND ${OUTSIDE_READ}`,
      [columnText(team), toIsoTime(since)],
    );
    return row?.at ? Date.parse(row.at) : undefined;
  }

  usage(counters: readonly CounterWindow[], now: number): Promise<readonly number[]> {
    return attempt("read", () => usageOf(this.#reading, counters, now));
  }

  async unseal(commitments: readonly Commitment[]): Promise<ReadonlyMap<Commitment, string>> {
    const rows = await this.#rows<Pick<PackedRow, "commitment" | "packed" | "value">>(
      "SELECT encode(commitment, 'hex') AS commitment, packed, value FROM sealed WHERE commitment = ANY ($1)",
      [commitments.map((commitment) => Buffer.from(commitment, "hex"))],
    );
    const found = new Map(rows.map((row) => [row.commitment, row]));
    return attempt("read", async () => {
      const values = commitments.flatMap((commitment): [Commitment, string][] => {
        const row = found.get(commitment);
        return row === undefined ? [] : [[commitment, unpackBytes(row)]];
      });
      return new Map(values);
    });
  }

  async policyText(hash: string): Promise<string | undefined> {
    const [row] = await this.#rows<{ text: Uint8Array }>("SELECT text FROM policy_texts WHERE hash = $1", [
      columnText(hash),
    ]);
    return row && Buffer.from(row.text).toString("utf8");
  }

  values(filter: ValuesFilter = {}): AsyncGenerator<SealedRow> {
    return each(sealedPages(this.#reading, filter));
  }

  checkpoints(filter: CheckpointsFilter = {}): AsyncGenerator<StoredCheckpoint> {
    return each(checkpointPages(this.#reading, filter));
  }

  replaceNote(seq: number, note: string): Promise<void> {
    return attempt("change", () => replaceNote(this.#writing, seq, note));
  }

  scrub(): Promise<void> {
    return attempt("scrub", () => scrub(this.#reading));
  }

  pages(): AsyncGenerator<TrailPage> {
    return reading(verifyPages(this.#reading));
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#queue.idle();
    await Promise.all([this.#writing.end(), this.#reading.end()]);
  }

  #rows<Row extends pg.QueryResultRow>(sql: string, values: readonly unknown[]): Promise<readonly Row[]> {
    return attempt("read", async () => (await this.#reading.query<Row>(sql, [...values])).rows);
  }
}

/** @throws {TrailUnavailableError} in place of whatever `work` throws */
async function attempt<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw unavailable(what, error);
  }
}

async function* reading<T>(pages: AsyncIterable<T>): AsyncGenerator<T> {
  const iterator = pages[Symbol.asyncIterator]();
  try {
    while (true) {
      const page = await attempt("read", () => iterator.next());
      if (page.done) return;
      yield page.value;
    }
  } finally {
    await iterator.return?.();
  }
}

async function* each<T>(pages: AsyncIterable<readonly T[]>): AsyncGenerator<T> {
  for await (const page of reading(pages)) yield* page;
}
