import { Background, heldSince, receiptState, signedApprovals, sinceLapse } from "@countersign/lifecycle";
import {
  askerCommitments,
  askerOf,
  type Commitment,
  type IntentData,
  isOf,
  type StoredRecord,
  type TrailRecord,
  type TrailStore,
  type VerifierKey,
} from "@countersign/trail";
import type { Logger } from "pino";
import { overlapsOf } from "./overlaps_of.ts";

/** How often the trail is asked for what is new. */
const READ_MS = 2_000;

/** So many emails' values are asked for at once. */
const AT_ONCE = 200;

/** So much is remembered that was held and that MultiMail has not taken: most of it never will be. */
const MAX_HELD = 50_000;

/** An email that waits for a person, as far as the trail knows. */
export interface WaitingEmail {
  readonly receipt: string;
  readonly team: string;
  readonly assistant: string;
  readonly data: IntentData;
  /** Since when it waits; epoch milliseconds. */
  readonly heldAt: number;
  /** Decisions on record that a console signed, since approvals lapsed. */
  readonly approvals: readonly TrailRecord<"approval">[];
  /** That of them which ends its waiting, as soon as MultiMail is told; absent: there is none, or it holds no more. */
  readonly decided?: TrailRecord<"approval">;
  /** Receipts of email that it overlaps with. */
  readonly overlaps: readonly string[];
  /** Names of the rules that want a person to see it; none: the team's mailbox holds all. */
  readonly flags: readonly string[];
  /**
   * What lists show and look through: subject, recipients, for whom it was written, who decided. What was erased is absent, from
   * the moment at which the erasure is followed.
   */
  readonly values: ReadonlyMap<Commitment, string>;
}

/** What waiting email is followed with. */
export interface WaitingEmailsOptions {
  readonly trail: TrailStore;
  /** Keys of consoles whose signed decisions count. */
  readonly keys: readonly VerifierKey[];
  readonly log: Pick<Logger, "error">;
}

/**
 * The email that waits for a person, kept in memory by following the trail: thousands of them are listed without reading
 * any of their records again.
 */
export class WaitingEmails {
  readonly #options: WaitingEmailsOptions;
  readonly #waiting = new Map<string, WaitingEmail>();
  /** Receipts of what was held and has not come to MultiMail yet: all other email is none of anybody's business here. */
  readonly #held = new Set<string>();
  /** By receipt, up to which record decisions hold no more. */
  readonly #lapsed = new Map<string, number>();
  readonly #reading: Background;
  #nextSeq = 0;
  #following: Promise<void> | undefined;
  /** Absent: something came or went since it was made. */
  #inOrder: readonly WaitingEmail[] | undefined;

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
    for (const { record } of await trail.openIntents())
      if (record.data.held) this.#held.add(record.receipt ?? "");
    await this.#look((await trail.watchedEmails()).map(({ record }) => record.receipt ?? ""));
    await this.follow();
    this.#reading.within(READ_MS);
  }

  /** Resolves when nothing is read any more. */
  stop(): Promise<void> {
    return this.#reading.stop();
  }

  /** What waits in these teams, the longest first. */
  list(isWanted: (team: string) => boolean): readonly WaitingEmail[] {
    this.#inOrder ??= [...this.#waiting.values()].sort(
      (a, b) => a.heldAt - b.heldAt || (a.receipt < b.receipt ? -1 : 1),
    );
    return this.#inOrder.filter(({ team }) => isWanted(team));
  }

  /** One that waits; undefined: it does not. */
  get(receipt: string): WaitingEmail | undefined {
    return this.#waiting.get(receipt);
  }

  /**
   * Notes that a decision holds no more, as whoever judged its email again found, so that people are asked anew; or that it
   * holds again.
   */
  noteLapsed(receipt: string, decision: TrailRecord<"approval">, isLapsed: boolean): void {
    const email = this.#waiting.get(receipt);
    if (email === undefined || (this.#lapsed.get(receipt) === decision.seq) === isLapsed) return;
    if (isLapsed) this.#lapsed.set(receipt, decision.seq);
    else this.#lapsed.delete(receipt);
    this.#waiting.set(receipt, this.#withDecided(email));
    this.#inOrder = undefined;
  }

  #withDecided({ decided: _, ...email }: WaitingEmail): WaitingEmail {
    const last = email.approvals.findLast(({ data }) => data.completes);
    const isLapsed = last !== undefined && last.seq <= (this.#lapsed.get(email.receipt) ?? -1);
    return last === undefined || isLapsed ? email : { ...email, decided: last };
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
    let isErased = false;
    const kinds = ["intent", "outcome", "lifecycle", "approval", "erasure"] as const;
    for await (const { record } of trail.records({ kinds, fromSeq: this.#nextSeq })) {
      this.#nextSeq = record.seq + 1;
      if (record.kind === "erasure") isErased = true;
      else if (record.receipt !== null && this.#concerns(record, record.receipt)) changed.add(record.receipt);
    }
    await this.#look(isErased ? new Set([...this.#waiting.keys(), ...changed]) : changed);
  }

  /** Whether an email may begin to wait by this record, or end. What is held from the start is known by its intent. */
  #concerns({ kind, data }: TrailRecord, receipt: string): boolean {
    if (this.#waiting.has(receipt)) return true;
    if (kind === "intent" && data.held && data.effect === "allow") this.#remember(receipt);
    // A refusal is not the last word: whoever asks later may learn that MultiMail took it.
    if (kind === "outcome" && data.result === "accepted") return this.#held.delete(receipt);
    return kind === "lifecycle" && data.event === "held";
  }

  #remember(receipt: string): void {
    this.#held.add(receipt);
    const [oldest] = this.#held;
    if (this.#held.size > MAX_HELD && oldest !== undefined) this.#held.delete(oldest);
  }

  async #look(receipts: Iterable<string>): Promise<void> {
    const { trail, keys } = this.#options;
    let found: Omit<WaitingEmail, "values">[] = [];
    const keep = async () => {
      const values = await trail.unseal(found.flatMap(listedCommitments));
      for (const email of found)
        this.#waiting.set(email.receipt, this.#withDecided({ ...email, values: valuesOf(email, values) }));
      this.#inOrder = undefined;
      found = [];
    };
    for (const receipt of receipts) {
      const waiting = waitingOf(await trail.recordsOf(receipt), keys);
      if (waiting !== undefined) found.push(waiting);
      else if (this.#waiting.delete(receipt)) {
        this.#lapsed.delete(receipt);
        this.#inOrder = undefined;
      }
      if (found.length === AT_ONCE) await keep();
    }
    if (found.length > 0) await keep();
  }
}

function waitingOf(
  records: readonly StoredRecord[],
  keys: readonly VerifierKey[],
): Omit<WaitingEmail, "values"> | undefined {
  const intent = records.find(isOf("intent"))?.record;
  const state = receiptState(records);
  if (intent === undefined || state?.status !== "pending" || state.emailId === undefined) return undefined;
  return {
    receipt: state.receipt,
    team: state.team,
    assistant: state.assistant,
    data: intent.data,
    heldAt: heldSince({ intent, records }),
    approvals: signedApprovals(sinceLapse(records), keys),
    overlaps: overlapsOf(intent.data),
    flags: flagsOf(intent.data),
  };
}

function flagsOf({ findings }: IntentData): readonly string[] {
  return [...new Set(findings.filter(({ effect }) => effect === "flag").map(({ rule }) => rule))];
}

function listedCommitments({
  data,
  approvals,
}: Pick<WaitingEmail, "data" | "approvals">): readonly Commitment[] {
  const { subject, original_subject: original, recipients } = data;
  return [
    ...[subject, original ?? null].filter((one) => one !== null),
    ...recipients.map(({ address }) => address),
    ...askerCommitments(askerOf(data)),
    ...approvals.map((approval) => approval.data.identity),
  ];
}

function valuesOf(
  email: Pick<WaitingEmail, "data" | "approvals">,
  values: ReadonlyMap<Commitment, string>,
): ReadonlyMap<Commitment, string> {
  return new Map(
    listedCommitments(email).flatMap((commitment) => {
      const value = values.get(commitment);
      return value === undefined ? [] : [[commitment, value] as const];
    }),
  );
}
