import { setImmediate as nextTick, setTimeout as sleep } from "node:timers/promises";
import type Database from "better-sqlite3";
import type { RecordKind } from "../../record/record_kind.ts";
import type { Commitment } from "../../record/sealed.ts";
import type { TreeHead } from "../../tree/tree_head.ts";
import { AppendQueue } from "../append_queue.ts";
import type { PreparedEntry } from "../prepare_entry.ts";
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
import { CheckpointRows } from "./_checkpoint_rows.ts";
import { ClaimRows } from "./_claim_rows.ts";
import type { Written } from "./_order.ts";
import { orderOf } from "./_order_of.ts";
import { RecordRows } from "./_record_rows.ts";
import { scrub } from "./_scrub.ts";
import { HAS_COMMITMENT, SealedRows } from "./_sealed_rows.ts";
import { TreeRows } from "./_tree_rows.ts";
import { isPassing, unavailable } from "./_unavailable.ts";
import { VerifyPages } from "./_verify_pages.ts";
import { OwnWriter, type Writer } from "./_writer.ts";
import { unpackKey } from "./pack_key.ts";
import { RecordReader } from "./record_reader.ts";

/** How a trail is written. */
export interface SqliteTrailOptions {
  /** What writes; without one, the trail does so itself on its own connection. */
  readonly writer?: Writer;
  /** For how long another process' lock, or a full disk, is waited for, in milliseconds; others get their turn meanwhile. */
  readonly patienceMs?: number;
}

const RETRY_MS = 20;

/** SQL for the number of the name that is the next parameter. */
const NAMED = "(SELECT id FROM names WHERE name = ?)";

/** The trail in one SQLite file. */
export class SqliteTrail implements TrailStore {
  readonly #db: Database.Database;
  readonly #writer: Writer;
  readonly #patienceMs: number;
  readonly #tree: TreeRows;
  readonly #claims: ClaimRows;
  readonly #records: RecordRows;
  readonly #verify: VerifyPages;
  readonly #values: SealedRows;
  readonly #checkpoints: CheckpointRows;
  readonly #queue: AppendQueue;
  readonly #sealedValue: Database.Statement<
    [{ readonly commitment: Uint8Array }],
    { id: number; value: string | Uint8Array }
  >;
  readonly #latest: Database.Statement<[string, string], string | Uint8Array>;
  readonly #receiptOf: Database.Statement<[string], string | Uint8Array>;
  readonly #outsideRead: Database.Statement<[string, number], number | null>;
  readonly #policyText: Database.Statement<[string], string>;
  #closing: Promise<void> | undefined;

  /** Takes the database over, and the writer. */
  constructor(
    db: Database.Database,
    { patienceMs = 0, writer = new OwnWriter(db) }: SqliteTrailOptions = {},
  ) {
    this.#db = db;
    this.#writer = writer;
    this.#patienceMs = patienceMs;
    this.#tree = new TreeRows(db);
    this.#claims = new ClaimRows(db);
    const reader = new RecordReader(db);
    this.#records = new RecordRows(db, reader);
    this.#values = new SealedRows(db);
    this.#verify = new VerifyPages(db, { tree: this.#tree, values: this.#values, reader });
    this.#checkpoints = new CheckpointRows(db);
    this.#queue = new AppendQueue((batch) => this.#write(batch), { patienceMs, isPassing });
    this.#sealedValue = db.prepare(`SELECT id, value FROM sealed WHERE ${HAS_COMMITMENT}`);
    this.#latest = db
      .prepare<[string, string], string | Uint8Array>(
        `SELECT receipt FROM records WHERE assistant = ${NAMED} AND team = ${NAMED} AND is_email = 1
         ORDER BY seq DESC LIMIT 1`,
      )
      .pluck();
    this.#receiptOf = db
      .prepare<[string], string | Uint8Array>(
        "SELECT receipt FROM records WHERE taken = ? AND receipt IS NOT NULL LIMIT 1",
      )
      .pluck();
    this.#outsideRead = db
      .prepare<[string, number], number | null>(
        `SELECT min(at) FROM records WHERE team = ${NAMED} AND at >= ? AND outside = 1`,
      )
      .pluck();
    this.#policyText = db.prepare<[string], string>("SELECT text FROM policy_texts WHERE hash = ?").pluck();
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

  async findClaim(claims: readonly Claim[], now: number): Promise<TakenClaim | undefined> {
    return this.#read(() => this.#claims.find(claims, now, null));
  }

  async head(): Promise<TreeHead> {
    const { size, root } = this.#read(() => this.#tree.head());
    return { size, root };
  }

  async hashes(level: number, first: number, count: number): Promise<readonly Uint8Array[]> {
    return this.#read(() => this.#tree.hashes(level, first, count));
  }

  async *records<Kind extends RecordKind = RecordKind>(
    filter: TrailFilter & { readonly kind?: Kind } = {},
  ): AsyncGenerator<StoredRecord<Kind>> {
    const size = this.#read(() => this.#tree.head().size);
    for await (const rows of this.#paged(this.#records.pages(filter, size))) {
      for (const row of rows) yield this.#read(() => this.#records.stored<Kind>(row));
    }
  }

  async count(filter: TrailFilter = {}): Promise<number> {
    return this.#read(() => this.#records.count(filter, this.#tree.head().size));
  }

  async recordsOf(receipt: string): Promise<readonly StoredRecord[]> {
    return this.#read(() => {
      const { size } = this.#tree.head();
      return this.#records.ofReceipt(receipt, size);
    });
  }

  async openIntents(of?: AssistantFilter): Promise<readonly StoredRecord<"intent">[]> {
    return this.#read(() => this.#records.open(of));
  }

  async watchedEmails(of?: AssistantFilter): Promise<readonly StoredRecord<"outcome">[]> {
    return this.#read(() => this.#records.watched(of));
  }

  async receiptOf(email: string): Promise<string | undefined> {
    return this.#read(() => keyOf(this.#receiptOf.get(email)));
  }

  async latestReceipt(team: string, assistant: string): Promise<string | undefined> {
    return this.#read(() => keyOf(this.#latest.get(assistant, team)));
  }

  async firstOutsideRead(team: string, since: number): Promise<number | undefined> {
    return this.#read(() => this.#outsideRead.get(team, since)) ?? undefined;
  }

  async usage(counters: readonly CounterWindow[], now: number): Promise<readonly number[]> {
    return this.#read(() => counters.map((counter) => this.#claims.usage(counter, now)));
  }

  async unseal(commitments: readonly Commitment[]): Promise<ReadonlyMap<Commitment, string>> {
    return this.#read(() => {
      const values = commitments.flatMap((commitment): [Commitment, string][] => {
        const row = this.#sealedValue.get({ commitment: Buffer.from(commitment, "hex") });
        return row === undefined ? [] : [[commitment, this.#values.valueOf(row.id, row.value)]];
      });
      return new Map(values);
    });
  }

  async policyText(hash: string): Promise<string | undefined> {
    return this.#read(() => this.#policyText.get(hash));
  }

  values(filter: ValuesFilter = {}): AsyncGenerator<SealedRow> {
    return this.#each(this.#values.pages(filter));
  }

  checkpoints(filter: CheckpointsFilter = {}): AsyncGenerator<StoredCheckpoint> {
    return this.#each(this.#checkpoints.pages(filter));
  }

  async replaceNote(seq: number, note: string): Promise<void> {
    const giveUpAt = performance.now() + this.#patienceMs;
    while (true) {
      try {
        return await attempt("change", async () => this.#writer.replaceNote(seq, note));
      } catch (error) {
        if (!isPassing(error) || performance.now() >= giveUpAt) throw error;
        await sleep(RETRY_MS);
      }
    }
  }

  async scrub(): Promise<void> {
    await scrub(this.#db.name, async () => this.#writer.emptyLog());
  }

  pages(): AsyncIterable<TrailPage> {
    return this.#paged(this.#verify.pages());
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#queue.idle();
    await this.#writer.close();
    this.#db.close();
  }

  async #write(batch: readonly PreparedEntry[]): Promise<readonly AppendResult[]> {
    const orders = batch.map(orderOf);
    const written = await attempt("append to", async () => this.#writer.append(orders));
    return written.map(resultOf);
  }

  /** Passes pages on, and lets appends in between them. */
  async *#paged<T>(pages: Iterator<T>): AsyncGenerator<T> {
    while (true) {
      const page = this.#read(() => pages.next());
      if (page.done) return;
      yield page.value;
      await nextTick();
    }
  }

  async *#each<T>(pages: Iterator<readonly T[]>): AsyncGenerator<T> {
    for await (const page of this.#paged(pages)) yield* page;
  }

  #read<T>(read: () => T): T {
    try {
      return read();
    } catch (cause) {
      throw unavailable("read", cause);
    }
  }
}

function keyOf(kept: string | Uint8Array | undefined): string | undefined {
  return kept === undefined ? undefined : unpackKey(kept);
}

function resultOf(written: Written): AppendResult {
  return typeof written === "number" ? { ok: true, seq: written } : written;
}

/** @throws {TrailUnavailableError} in place of whatever `work` throws */
async function attempt<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw unavailable(what, cause);
  }
}
