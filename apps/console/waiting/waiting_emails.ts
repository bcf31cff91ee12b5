import { Background, heldSince, receiptState } from "@countersign/lifecycle";
import {
  type IntentData,
  isOf,
  type StoredRecord,
  type TrailRecord,
  type TrailStore,
} from "@countersign/trail";
import type { Logger } from "pino";

/** How often the trail is asked for what is new. */
const READ_MS = 2_000;

/** An email that waits for a person, as far as the trail knows. */
export interface WaitingEmail {
  readonly receipt: string;
  readonly team: string;
  readonly assistant: string;
  readonly data: IntentData;
  /** Since when it waits; epoch milliseconds. */
  readonly heldAt: number;
  /** Decisions on record, whoever wrote them: see `signedApprovals`. */
  readonly approvals: readonly TrailRecord<"approval">[];
}

/** What waiting email is followed with. */
export interface WaitingEmailsOptions {
  readonly trail: TrailStore;
  readonly log: Pick<Logger, "error">;
}

/**
 * The email that waits for a person, kept in memory by following the trail: thousands of them are listed without reading
 * any of their records again.
 */
export class WaitingEmails {
  readonly #options: WaitingEmailsOptions;
  readonly #waiting = new Map<string, WaitingEmail>();
  readonly #reading: Background;
  #nextSeq = 0;
  #following: Promise<void> | undefined;

  constructor(options: WaitingEmailsOptions) {
    this.#options = options;
    this.#reading = new Background({
      pass: () => this.follow(),
      nextMs: () => READ_MS,
      failure: "Cannot read which email waits",
      log: options.log,
    });
  }

  /**
   * Reads what waits, and from then on what comes in.
   *
   * @throws {TrailUnavailableError}
   */
  async start(): Promise<void> {
    const { trail } = this.#options;
    // What comes in meanwhile is read again.
    this.#nextSeq = (await trail.head()).size;
    for (const { record } of await trail.watchedEmails()) await this.#look(record.receipt ?? "");
    await this.follow();
    this.#reading.within(READ_MS);
  }

  /** Resolves when nothing is read any more. */
  stop(): Promise<void> {
    return this.#reading.stop();
  }

  /** What waits in these teams, the longest first. */
  list(isWanted: (team: string) => boolean): readonly WaitingEmail[] {
    return [...this.#waiting.values()]
      .filter(({ team }) => isWanted(team))
      .sort((a, b) => a.heldAt - b.heldAt || (a.receipt < b.receipt ? -1 : 1));
  }

  /** One that waits; undefined: it does not. */
  get(receipt: string): WaitingEmail | undefined {
    return this.#waiting.get(receipt);
  }

  /**
   * Reads what has come in since the last time, so that what was just decided is not listed any more.
   *
   * @throws {TrailUnavailableError}
   */
  follow(): Promise<void> {
    this.#following ??= this.#readNew().finally(() => {
      this.#following = undefined;
    });
    return this.#following;
  }

  async #readNew(): Promise<void> {
    const { trail } = this.#options;
    const changed = new Set<string>();
    const kinds = ["intent", "outcome", "lifecycle", "approval"] as const;
    for await (const { record } of trail.records({ kinds, fromSeq: this.#nextSeq })) {
      this.#nextSeq = record.seq + 1;
      if (record.receipt !== null && this.#concerns(record)) changed.add(record.receipt);
    }
    for (const receipt of changed) await this.#look(receipt);
  }

  /** Whether an email may begin to wait by this record, or end. What is held from the start is known by its intent. */
  #concerns({ kind, receipt, data }: TrailRecord): boolean {
    if (this.#waiting.has(receipt ?? "")) return true;
    if (kind === "intent") return data.held && data.effect === "allow";
    if (kind === "outcome") return data.result === "accepted";
    return kind === "lifecycle" && data.event === "held";
  }

  async #look(receipt: string): Promise<void> {
    const waiting = waitingOf(await this.#options.trail.recordsOf(receipt));
    if (waiting === undefined) this.#waiting.delete(receipt);
    else this.#waiting.set(receipt, waiting);
  }
}

function waitingOf(records: readonly StoredRecord[]): WaitingEmail | undefined {
  const intent = records.find(isOf("intent"))?.record;
  const state = receiptState(records);
  if (intent === undefined || state?.status !== "pending" || state.emailId === undefined) return undefined;
  return {
    receipt: state.receipt,
    team: state.team,
    assistant: state.assistant,
    data: intent.data,
    heldAt: heldSince({ intent, records }),
    approvals: records.flatMap(({ record }) => (record.kind === "approval" ? [record] : [])),
  };
}
