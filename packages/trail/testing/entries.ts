import {
  type AskerText,
  checkpointEntry,
  type EntryFrame,
  type ErasureData,
  type IntentData,
  intentEntry,
  type JsonObject,
  type LifecycleData,
  lifecycleEntry,
  NOBODY,
  type OutcomeData,
  outcomeEntry,
  type TrailEntry,
  type Wanted,
  type WantingEntry,
} from "../mod.ts";

/** Who, when and for what, other than the usual. */
export type EntryOptions = Partial<EntryFrame>;

/** What a sample intent says other than the usual. */
export interface IntentOptions extends EntryOptions {
  readonly to?: readonly string[];
  readonly subject?: string;
  readonly body?: string;
  readonly effect?: IntentData["effect"];
  readonly rules?: readonly string[];
  readonly person?: AskerText;
}

/** Time of sample entries. */
export const NOON: number = Date.parse("2026-11-23T12:00:00.000Z");

/** An intent like the gateway's: an email that was asked for. */
export function intent(receipt: string, options?: IntentOptions): TrailEntry<"intent">;
export function intent(receipt: string, options: IntentOptions & Wanted): WantingEntry<"intent">;
export function intent(receipt: string, options: IntentOptions & Wanted = {}): WantingEntry<"intent"> {
  const { to = ["billing@partner.example"], subject = "Invoice 42", body = "A reminder.", ...rest } = options;
  const { effect = "allow", rules = ["recipients.allow"], person, ...entry } = rest;
  const { claims, reservations, ...frame } = entry;
  const built = intentEntry(
    {
      call: `req_${receipt}`,
      door: "mcp",
      action: "send",
      attempted: null,
      effect,
      held: true,
      findings: rules.map((rule) => ({
        rule,
        effect: effect === "deny" ? "deny" : "note",
        message: `The rule ${rule} has something to say about this email`,
        detail: null,
        where: "finance.yaml:14",
        about: [0],
      })),
      recipients: to.map((address) => ({
        field: "to",
        address,
        domain: address.split("@")[1]?.toLowerCase() ?? null,
      })),
      mailbox: "01HXMAILBOX",
      about: null,
      subject,
      body,
      attachments: [],
      send_at: null,
      idempotency_key: effect === "allow" ? receipt : null,
      caller_key: null,
      ...(person && { person }),
      ...(reservations && { counted: new Set(reservations.map(({ counter }) => counter)).size }),
    },
    { ...BY_CHASER, at: NOON, receipt, policy: "d2".repeat(32), ...frame },
  );
  return { ...built, ...(claims && { claims }), ...(reservations && { reservations }) };
}

const BY_CHASER = { team: "finance", assistant: "invoice-chaser" } as const;

/** An outcome like the gateway's. */
export function outcome(
  receipt: string,
  result: OutcomeData["result"] = "accepted",
  { at = NOON + 1_000, ...frame }: EntryOptions = {},
): TrailEntry<"outcome"> {
  const email = result === "accepted" ? "01HXEMAIL" : null;
  return outcomeEntry({ ...BY_CHASER, receipt, policy: null, ...frame }, at, { result, email });
}

/** A change that was learnt later, like the gateway's. */
export function lifecycle(
  receipt: string,
  event: LifecycleData["event"],
  { at = NOON + 2_000, ...frame }: EntryOptions = {},
): TrailEntry<"lifecycle"> {
  return lifecycleEntry({ ...BY_CHASER, receipt, policy: null, ...frame }, at, {
    ...{ event, email: "01HXEMAIL", learnt_by: "webhook", final: event === "delivered" },
  });
}

/** A checkpoint's record, with a note that need not be one: what a store keeps, and no verification takes. */
export function checkpoint(note: string): TrailEntry<"checkpoint"> {
  const signed = {
    origin: "countersign/test",
    size: 0,
    root: "00".repeat(32),
    key: "countersign/test+00000000",
  };
  return checkpointEntry(signed, { at: NOON + 3_000, note });
}

/** An erasure of these values. */
export function erasure({ commitments = [], below = null }: Partial<ErasureData>): TrailEntry<"erasure"> {
  const because = below === null ? "person" : "retention";
  const data: ErasureData = { because, by: null, reason: null, commitments, below };
  return { ...NOBODY, at: NOON + 3_000, policy: null, kind: "erasure", data };
}

/**
 * The entry with more data than its type knows, as another version, or whoever can write the trail, may put on record.
 */
export function withData<Entry extends TrailEntry>(entry: Entry, data: JsonObject): Entry {
  return { ...entry, data: { ...entry.data, ...data } };
}

/** How an email of many is made. */
export interface EmailEntriesOptions {
  /** Of its body; by default about 1,200. */
  readonly bodyBytes?: number;
}

/** What the `index`-th of many emails that a person approves leaves in the trail: four entries. */
export function emailEntries(
  index: number,
  at: number,
  { bodyBytes }: EmailEntriesOptions = {},
): readonly WantingEntry[] {
  const receipt = `rcp_${String(index).padStart(26, "0")}`;
  const common = { at: at + index * 1_000, assistant: `assistant-${index % 20}` };
  const words = Array.from({ length: 150 }, (_, word) => `word${(word * 7919 + index) % 997}`);
  const email = intent(receipt, {
    ...common,
    to: [`someone${index % 500}@partner.example`],
    subject: `Invoice ${index}`,
    body: words.join(" ").slice(0, bodyBytes),
    claims: [{ key: `content:${receipt}`, fingerprint: receipt, expiresAt: common.at + 600_000 }],
    reservations: [{ counter: common.assistant, windowMs: 60_000, max: 1_000_000 }],
  });
  return [
    email,
    outcome(receipt, "accepted", common),
    lifecycle(receipt, "approved", common),
    lifecycle(receipt, "delivered", common),
  ];
}
