import { type IntentData, type OutcomeData, type TrailStore, verifyTrail } from "@countersign/trail";
import type { OutboxMessage } from "../../testing/start_stack.ts";

/** What went out, and what clients were told. */
export interface Sent {
  readonly outbox: readonly (OutboxMessage & {
    readonly mailbox_id: string;
    readonly delivered_at: string;
  })[];
  /** The receipts that clients were given for the emails that they asked for. */
  readonly receipts: readonly string[];
}

/** Everything in which the outside world and the trail differ; each entry is a sentence. All empty: nothing is wrong. */
export interface Differences {
  /** Emails that left without, or otherwise than, an intent says. */
  readonly unrecorded: readonly string[];
  /** Emails that left more than once. */
  readonly twice: readonly string[];
  /** Intents without an end. */
  readonly open: readonly string[];
  /** Receipts that clients have and the trail has not. */
  readonly unknownReceipts: readonly string[];
  /** Outcomes that are not what happened. */
  readonly untrue: readonly string[];
  /** What `verifyTrail` found. */
  readonly tampered: readonly string[];
}

/** Holds what left MultiMail against what the trail says. */
export async function compareWithTrail({ outbox, receipts }: Sent, trail: TrailStore): Promise<Differences> {
  const intents = new Map<string, { readonly at: string; readonly data: IntentData }[]>();
  const outcomes = new Map<string, OutcomeData>();
  const known = new Set<string>();
  /** Taken back, or decided against: what must not leave. */
  const ended = new Set<string>();
  for await (const { record } of trail.records()) {
    const receipt = record.receipt ?? "";
    if (record.kind === "intent") {
      known.add(receipt);
      const data = record.data;
      const key = data.idempotency_key;
      if (data.effect === "allow" && key !== null) {
        intents.set(key, [...(intents.get(key) ?? []), { at: record.at, data }]);
      }
    } else if (record.kind === "outcome") {
      const data = record.data;
      if (data.result !== "unknown") outcomes.set(receipt, data);
    } else if (record.kind === "lifecycle") {
      if (record.data.event === "cancelled" || record.data.event === "rejected") ended.add(receipt);
    }
  }
  const unrecorded: string[] = [];
  const untrue: string[] = [];
  for (const { id, idempotency_key, subject, markdown, cc, bcc, delivered_at } of outbox) {
    const key = idempotency_key ?? "";
    const [intent, ...others] = intents.get(key) ?? [];
    if (intent === undefined || others.length > 0 || intent.at > delivered_at) {
      unrecorded.push(`"${subject}" (${key}) left at ${delivered_at} with ${others.length} other intents`);
      continue;
    }
    const recorded = await textOf(intent.data, trail);
    // A reply's subject is MultiMail's.
    if (recorded.body !== markdown || (recorded.subject ?? subject) !== subject)
      unrecorded.push(`"${subject}" (${key}) says more`);
    if (recorded.cc !== cc.join() || recorded.bcc !== bcc.join())
      unrecorded.push(`"${subject}" (${key}) went to others`);
    const outcome = outcomes.get(key);
    if (outcome?.result !== "accepted" || outcome.email !== id) {
      untrue.push(`${key} left as ${id}, its outcome is ${outcome?.result} ${outcome?.email}`);
    }
  }
  const left = new Set(outbox.map(({ idempotency_key }) => idempotency_key));
  for (const [receipt, { result }] of outcomes) {
    if (result === "accepted" && left.has(receipt) === ended.has(receipt))
      untrue.push(
        `${receipt} ${ended.has(receipt) ? "left and has ended" : "never left"}, its outcome is accepted`,
      );
  }
  const verified = await verifyTrail(trail);
  return {
    unrecorded,
    twice: [
      ...repeated(outbox.map(({ idempotency_key }) => idempotency_key ?? "")),
      ...repeated(outbox.map(({ markdown }) => markdown)),
    ],
    open: (await trail.openIntents()).map(({ record }) => record.receipt ?? ""),
    unknownReceipts: receipts.filter((receipt) => !known.has(receipt)),
    untrue,
    tampered: verified.ok ? [] : verified.problems.map(({ message }) => message),
  };
}

/** What an intent says that left, addresses joined. */
async function textOf({ subject, body, recipients }: IntentData, trail: TrailStore) {
  const texts = [subject, body].filter((commitment) => commitment !== null);
  const values = await trail.unseal([...texts, ...recipients.map(({ address }) => address)]);
  const [cc, bcc] = ["cc", "bcc"].map((name) =>
    recipients
      .filter(({ field }) => field === name)
      .map(({ address }) => values.get(address))
      .join(),
  );
  return {
    subject: subject === null ? undefined : values.get(subject),
    body: values.get(body ?? ""),
    cc,
    bcc,
  };
}

function repeated(values: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return values.filter((value) => seen.size === seen.add(value).size);
}
