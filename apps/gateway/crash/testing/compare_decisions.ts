import { isOf, type StoredRecord, type TrailRecord, type TrailStore } from "@countersign/trail";
import type { Approver } from "./approver.ts";

/** What happened around the consoles. */
export interface Happened {
  /** Ids of what was delivered, in order. */
  readonly outbox: readonly string[];
  readonly approvers: ReadonlyMap<string, Approver>;
  /** Ids of email that somebody decided on at MultiMail itself. */
  readonly elsewhere: ReadonlySet<string>;
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
}

/** Holds what left and what people were told against the decisions on record. */
export async function compareDecisions(happened: Happened, trail: TrailStore): Promise<DecisionDifferences> {
  const { outbox, approvers, elsewhere, waiting, needed } = happened;
  const found: Record<keyof DecisionDifferences, string[]> = {
    twice: outbox.filter((id, index) => outbox.indexOf(id) !== index),
    undecided: [],
    unseen: [],
    lost: [],
    contradictory: [],
  };
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
    if (last !== undefined && waiting.has(emailId))
      found.lost.push(`${receipt} still waits, ${last.data.decision} is on record since ${last.at}`);
    const isDone = [...ENDS].some((event) => events.has(event)) || left.has(emailId);
    if (last !== undefined && !isDone)
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
  return found;
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
