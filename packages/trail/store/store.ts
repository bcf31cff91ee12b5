import type { TrailEntry } from "../record/record.ts";
import type { RecordKind } from "../record/record_kind.ts";
import type { Commitment, SealedKind } from "../record/sealed.ts";
import type { HashReader } from "../tree/mod.ts";
import type { TreeHead } from "../tree/tree_head.ts";
import type { StoredCheckpoint, StoredRecord } from "./stored.ts";
import type { SealedRow, TrailSource } from "./trail_source.ts";

/**
 * Where the trail is kept. SQLite and PostgreSQL implement it; one conformance suite checks both. It can be verified
 * (`verifyTrail`), and proofs can be made from its hashes (`inclusionProof`, `consistencyProof`).
 */
export interface TrailStore extends TrailSource, HashReader {
  /**
   * Appends one record, with everything that belongs to it, in one durable step: it is on disk when the promise
   * resolves. Concurrent calls share a commit. What an `erasure` names is gone with it; `scrub` then overwrites it.
   *
   * @throws {TrailUnavailableError} when it cannot be written
   */
  append(entry: SureEntry): Promise<Appended>;
  /**
   * Appends several records in their order in one commit, like `append`: what was learnt at once, say.
   *
   * @throws {TrailUnavailableError} when they cannot be written; then none is
   */
  appendAll(entries: readonly SureEntry[]): Promise<readonly Appended[]>;
  /**
   * Appends like `append` if the entry can have all that it wants. Otherwise, when a claim is taken or a limit reached,
   * nothing is written.
   *
   * @throws {TrailUnavailableError} when it cannot be written
   */
  tryAppend(entry: WantingEntry): Promise<AppendResult>;
  /**
   * Appends several records like `tryAppend` in one commit, each by itself: one that is refused is left out, and those
   * after it are judged with what those before it took.
   *
   * @throws {TrailUnavailableError} when they cannot be written; then none is
   */
  tryAppendAll(entries: readonly WantingEntry[]): Promise<readonly AppendResult[]>;
  /** The first of these claims, in their order, that a receipt holds at `now` (epoch ms); optional ones do not count. */
  findClaim(claims: readonly Claim[], now: number): Promise<TakenClaim | undefined>;
  /** Size and root of the tree over everything appended. */
  head(): Promise<TreeHead>;
  /** Records in order, newest first when asked; streams, so that a million fit in memory. */
  records<Kind extends RecordKind = RecordKind>(
    filter?: TrailFilter & { readonly kind?: Kind },
  ): AsyncIterable<StoredRecord<Kind>>;
  /** How many records pass the filter, whatever its `limit` and order. */
  count(filter?: TrailFilter): Promise<number>;
  /** Every record with this receipt, in order. */
  recordsOf(receipt: string): Promise<readonly StoredRecord[]>;
  /** Intents that were allowed to act and have no settled outcome, in order: all, or those of one assistant. */
  openIntents(of?: AssistantFilter): Promise<readonly StoredRecord<"intent">[]>;
  /**
   * Outcomes of the emails that MultiMail took and that no lifecycle record has called final, in order: all, or those of
   * one assistant.
   */
  watchedEmails(of?: AssistantFilter): Promise<readonly StoredRecord<"outcome">[]>;
  /** Receipt of the email to which MultiMail gave this id; undefined: it is none that was sent from here. */
  receiptOf(email: string): Promise<string | undefined>;
  /** Receipt of the assistant's latest allowed email; undefined: none yet. */
  latestReceipt(team: string, assistant: string): Promise<string | undefined>;
  /**
   * When the team was first shown mail from outside (`OutcomeData.outside`) at or after `since`; both epoch milliseconds.
   * Undefined: it was not.
   */
  firstOutsideRead(team: string, since: number): Promise<number | undefined>;
  /** How many reservations of each counter fall in its window that ends at `now` (epoch ms), in the order asked. */
  usage(counters: readonly CounterWindow[], now: number): Promise<readonly number[]>;
  /** The values behind commitments; what was erased is absent. */
  unseal(commitments: readonly Commitment[]): Promise<ReadonlyMap<Commitment, string>>;
  /** Text of a policy file by the SHA-256 of its bytes. */
  policyText(hash: string): Promise<string | undefined>;
  /** Sealed values in the order of their records; streams. A value that cannot be decoded is null. */
  values(filter?: ValuesFilter): AsyncIterable<SealedRow>;
  /** The checkpoints that were signed, in order, newest first when asked; streams. */
  checkpoints(filter?: CheckpointsFilter): AsyncIterable<StoredCheckpoint>;
  /** Keeps a checkpoint's note with more signatures. Nothing happens when there is none with this `seq`. */
  replaceNote(seq: number, note: string): Promise<void>;
  /**
   * Overwrites what was erased wherever the database may still hold it: free pages, write-ahead log.
   *
   * @throws {TrailUnavailableError} when a reader or another program keeps it from that
   */
  scrub(): Promise<void>;
  close(): Promise<void>;
}

/**
 * What an entry asks for: it is taken together with the record, or not at all. A record that gives back all that its receipt
 * holds, as a refusal does, is only judged by it.
 */
export interface Wanted {
  readonly claims?: readonly Claim[];
  readonly reservations?: readonly Reservation[];
}

/** An entry that is refused when it cannot have what it wants. */
export type WantingEntry<Kind extends RecordKind = RecordKind> = TrailEntry<Kind> & Wanted;

/** An entry that nothing but the disk can refuse: it wants nothing that it must have. */
export type SureEntry<Kind extends RecordKind = RecordKind> = TrailEntry<Kind> & {
  readonly claims?: readonly OptionalClaim[];
  readonly reservations?: never;
};

/** The sole right to something for a while: an idempotency key, or the same content to the same people. */
export interface Claim {
  /** Names what is claimed, without personal data: a hash. */
  readonly key: string;
  /** Of the request: the same key with another fingerprint is a conflict, also for its own receipt. */
  readonly fingerprint: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
  /** Taken if it is free, and no reason to refuse if it is not. */
  readonly optional?: boolean;
}

/** A claim that is no reason to refuse. */
export interface OptionalClaim extends Claim {
  readonly optional: true;
}

/** A claim that an earlier receipt holds. */
export interface TakenClaim {
  readonly claim: Claim;
  /** Who holds it. */
  readonly receipt: string;
  /** Of the holder's request. */
  readonly fingerprint: string;
}

/** Events of one counter in a rolling window. */
export interface CounterWindow {
  readonly counter: string;
  readonly windowMs: number;
}

/** Counts the email against a limit. */
export interface Reservation extends CounterWindow {
  /** Refused when this many are in the window already. */
  readonly max: number;
}

/** An entry is on record, and where. */
export interface Appended {
  readonly ok: true;
  readonly seq: number;
}

/** What became of an append that may be refused. */
export type AppendResult =
  | Appended
  | ({ readonly ok: false; readonly reason: "claimed" } & TakenClaim)
  | { readonly ok: false; readonly reason: "limit"; readonly reservation: Reservation };

/** Which sealed values to read. All conditions hold together. */
export interface ValuesFilter {
  readonly kinds?: readonly SealedKind[];
  /** Of the records from this `seq` on. */
  readonly fromSeq?: number;
  /** Of the records below this `seq`. */
  readonly toSeq?: number;
}

/** Which checkpoints to read. */
export interface CheckpointsFilter {
  readonly newestFirst?: boolean;
  readonly limit?: number;
}

/** One assistant of one team. */
export type AssistantFilter = Required<Pick<TrailFilter, "team" | "assistant">>;

/** Which records to read. All conditions hold together. */
export interface TrailFilter {
  readonly kind?: RecordKind;
  /** One of these. */
  readonly kinds?: readonly RecordKind[];
  readonly team?: string;
  readonly assistant?: string;
  readonly receipt?: string;
  /**
   * An address; matches intents that name it (`Address.base`), unless it was erased. Or `@` and a domain; matches intents
   * that name anybody there, erased or not.
   */
  readonly recipient?: string;
  /** MultiMail's id of an email; matches everything about it: the receipt by which it left, and who asked for it. */
  readonly email?: string;
  /** A rule that had something to say. */
  readonly rule?: string;
  readonly effect?: "allow" | "deny";
  /** Epoch milliseconds, inclusive. */
  readonly since?: number;
  /** Epoch milliseconds, exclusive. */
  readonly until?: number;
  readonly fromSeq?: number;
  readonly limit?: number;
  readonly newestFirst?: boolean;
}
