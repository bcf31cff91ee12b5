import { isOf, type StoredRecord, type TrailRecord, type TrailStore } from "@countersign/trail";
import type { Approver } from "./approver.ts";

/** What happened around the consoles. */
export interface Happened {
  /** Ids of what was delivered, in order. */
  readonly outbox: readonly string[];
  readonly approvers: ReadonlyMap<string, Approver>;
  /** Ids of email that somebody decided on at MultiMail itself. */
  readonly elsewhere: ReadonlySet<string>;
  /** When email was changed at MultiMail while it waited, by id; epoch milliseconds. */
  readonly changed: ReadonlyMap<string, number>;
  /** The team on whose email nobody decides, so that all of it expires. */
  readonly late: string;
  /** The team whose mailbox is stopped, so that nothing that waits in it is carried out. */
  readonly stopped: string;
  /** Ids of what still waits at MultiMail. */
  readonly waiting: ReadonlySet<string>;
  /** How many people must approve, by team. */
  readonly needed: Readonly<Record<string, number>>;
}

/** Everything that is wrong with what was decided; each entry is a sentence. All empty: nothing is. */
export interface DecisionDifferences {
  /** Email that left more than once. */
  readonly twice: readonly string[];
  /** Email that left without as many people's approvals as it needs, on record before. */
  readonly undecided: readonly string[];
  /** Approvals of what that person was not shown. */
  readonly unseen: readonly string[];
  /** Decisions that a person was told are on record, and are not; or on record, and neither carried out nor explained. */
  readonly lost: readonly string[];
  /** Email of which the record says both that it was approved and that it was rejected here. */
  readonly contradictory: readonly string[];
  /** Email that was approved though it was another at MultiMail by then, or was denied by the policy by which it was approved. */
  readonly unlawful: readonly string[];
  /** Email that nobody decided on, and that left, or did not expire. */
  readonly unexpired: readonly string[];
}

/** How often what is rare happened. */
export interface Met {
  /** Email that expired. */
  readonly expired: number;
  /** Email that was cancelled, since a newer policy denied it. */
  readonly denied: number;
  /** Email that was another at MultiMail, and stopped its mailbox. */
  readonly altered: number;
}

/** What is wrong, and what happened. */
export interface ComparedDecisions extends DecisionDifferences {
  readonly met: Met;
}

/** A console that read an email before it was changed has decided by then, in milliseconds. */
const DECIDED_MS = 30_000;

/** Holds what left and what people were told against the decisions on record. */
export async function compareDecisions(happened: Happened, trail: TrailStore): Promise<ComparedDecisions> {
  const { outbox, approvers, elsewhere, changed, late, stopped, waiting, needed } = happened;
  const found: Record<keyof DecisionDifferences, string[]> = {
    twice: outbox.filter((id, index) => outbox.indexOf(id) !== index),
    undecided: [],
    unseen: [],
    lost: [],
    contradictory: [],
    unlawful: [],
    unexpired: [],
  };
  const met = { expired: 0, denied: 0, altered: 0 };
  const left = new Set(outbox);
  const recorded = new Set<string>();
  for (const [receipt, records] of await byReceipt(trail)) {
    const emailId = records.find(isOf("outcome"))?.record.data.email ?? "";
    const approvals = await approvalsIn(records, trail);
    const events = new Set<string>(
      records
        .filter(isOf("lifecycle"))
        .flatMap(({ record }) => ("event" in record.data ? [record.data.event] : [])),
    );
    for (const { address, record } of approvals) {
      const { decision, content, judgement } = record.data;
      recorded.add(`${receipt} ${address} ${decision}`);
      if (decision === "approve" && !approvers.get(address)?.seen.has(`${receipt} ${content}.${judgement}`))
        found.unseen.push(`${receipt} by ${address}`);
    }
    const team = records[0]?.record.team ?? "";
    if (events.has("expired")) met.expired++;
    if (events.has("denied")) met.denied++;
    const changedAt = changed.get(emailId) ?? Number.POSITIVE_INFINITY;
    for (const { address, record } of approvals) {
      if (record.data.decision === "approve" && Date.parse(record.at) > changedAt + DECIDED_MS)
        found.unlawful.push(`${receipt} by ${address} at ${record.at}, though it was changed`);
    }
    if (team === late && emailId !== "" && (left.has(emailId) || approvals.length > 0))
      found.unexpired.push(`${receipt} left, or somebody decided on it`);
    if (team === late && emailId !== "" && ![...ENDS].some((event) => events.has(event)))
      found.lost.push(`${receipt}: nobody decides on it, and it does not expire: ${[...events].join()}`);
    const people = new Set(
      approvals.filter(({ record }) => record.data.decision === "approve").map(({ address }) => address),
    );
    const last = approvals.findLast(({ record }) => record.data.completes)?.record;
    if (left.has(emailId) && !elsewhere.has(emailId)) {
      if (people.size < (needed[team] ?? 1) || last?.data.decision !== "approve")
        found.undecided.push(
          `${receipt} left by ${people.size} approvals, ${last?.data.decision ?? "none"} last`,
        );
    }
    if (last !== undefined && team !== stopped && waiting.has(emailId))
      found.lost.push(`${receipt} still waits, ${last.data.decision} is on record since ${last.at}`);
    const isDone = [...ENDS].some((event) => events.has(event)) || left.has(emailId);
    if (last !== undefined && team !== stopped && !isDone)
      found.lost.push(`${receipt}: ${last.data.decision}, and ${[...events].join()}`);
    if (left.has(emailId) && events.has("rejected") && !elsewhere.has(emailId))
      found.contradictory.push(`${receipt} left, and is rejected on record`);
  }
  for (const { told } of approvers.values())
    for (const { receipt, address, verdict, result } of told) {
      const decision = verdict === "changes" ? "ask_for_changes" : verdict;
      if (result === "decided" && !recorded.has(`${receipt} ${address} ${decision}`))
        found.lost.push(`${receipt}: ${address} was told that ${decision} is on record`);
    }
  for await (const { record } of trail.records({ kind: "drift" }))
    if (record.data.result === "stopped") met.altered++;
  return { ...found, met };
}

/** What ends an email's waiting, or tells why a decision did not. */
const ENDS: ReadonlySet<string> = new Set([
  "approved",
  "rejected",
  "cancelled",
  "expired",
  "sent",
  "delivered",
]);

async function byReceipt(trail: TrailStore): Promise<ReadonlyMap<string, readonly StoredRecord[]>> {
  const found = new Map<string, StoredRecord[]>();
  for await (const stored of trail.records()) {
    const { receipt } = stored.record;
    if (receipt !== null) found.set(receipt, [...(found.get(receipt) ?? []), stored]);
  }
  return found;
}

async function approvalsIn(
  records: readonly StoredRecord[],
  trail: TrailStore,
): Promise<readonly { readonly address: string; readonly record: TrailRecord<"approval"> }[]> {
  const approvals = records.filter(isOf("approval")).map(({ record }) => record);
  const values = await trail.unseal(approvals.map(({ data }) => data.by));
  return approvals.map((record) => ({ record, address: values.get(record.data.by) ?? "(erased)" }));
}
