import { hash } from "node:crypto";
import {
  type AppliedChangeData,
  commitmentOf,
  type DriftData,
  type IntentData,
  type LifecycleData,
  type OutcomeData,
  type ReadbackData,
  type RecordKind,
  type Sealed,
  type SealedKind,
  type TrailEntry,
  type Wanted,
  type WantingEntry,
} from "../mod.ts";
import { NOON } from "./entries.ts";
import { SAMPLE_POLICIES, SAMPLE_SIGNER } from "./sample_trail.ts";

/** Text of the policies of the golden trail, and their hash. */
const TEXT = SAMPLE_POLICIES[0] ?? "";
const POLICY = hash("sha256", TEXT);
const RECEIPT = "rcp_00000000000000000000000001";
const DENIED = "rcp_00000000000000000000000002";
const READ = "rcp_00000000000000000000000003";

/** Like `Sealer`, with salts that are the same each time. */
class FixedSealer {
  static #next = 0;

  static restart(): void {
    FixedSealer.#next = 0;
  }

  readonly values: Sealed[] = [];

  seal(kind: SealedKind, value: string): string {
    const salt = Buffer.from(hash("sha256", `salt ${FixedSealer.#next++}`), "hex");
    const commitment = commitmentOf(salt, kind, value);
    this.values.push({ commitment, salt, kind, value });
    return commitment;
  }
}

type DraftOf<Entry> = Entry extends TrailEntry
  ? Pick<Entry, "kind" | "data"> & Partial<Entry> & Wanted
  : never;
type Draft = DraftOf<TrailEntry>;

/**
 * What the gateway and the commands put on record, every kind and every shape of it but checkpoints, whose note says how
 * large the tree is. Nothing in it is by chance, so that its bytes can be compared.
 */
export function goldenEntries(): readonly WantingEntry[] {
  FixedSealer.restart();
  return [...policies(), ...keys(), ...emails(), ...mailboxes(), ...refusals(), ...people()].map(
    (draft, index) => ({
      ...{ at: NOON + index * 60_000, team: null, assistant: null, receipt: null, policy: POLICY },
      ...draft,
    }),
  );
}

function policies(): readonly Draft[] {
  const files = [{ name: "finance.yaml", hash: POLICY }];
  const removed = { teams: ["sales"], assistants: ["finance/old-bot"], keys: ["finance/bot sha256:ab"] };
  return [
    {
      kind: "policy",
      data: { result: "loaded", files },
      policyTexts: [{ hash: POLICY, text: TEXT }],
    },
    { kind: "policy", data: { result: "loaded", files, part: 1, parts: 2 } },
    { kind: "policy", data: { result: "refused", problems: 12, places: ["finance.yaml:3:1"], removed } },
  ];
}

function keys(): readonly Draft[] {
  const changed = (change: "added" | "revoked"): Draft => {
    const sealer = new FixedSealer();
    const hashes = [`sha256:${"ab".repeat(32)}`];
    const data = { change, hashes, by: "cli", person: sealer.seal("text", "ann") } as const;
    return { kind: "key", team: "finance", assistant: "bot", data, sealed: sealer.values };
  };
  const signing = {
    change: "signing",
    verifier: SAMPLE_SIGNER.key.text,
    previous: null,
    vouch: null,
  } as const;
  return [changed("added"), changed("revoked"), { kind: "key", policy: null, data: signing }];
}

function emails(): readonly Draft[] {
  const of = { team: "finance", assistant: "bot" };
  const event = (name: LifecycleData["event"], by?: string, more: Partial<LifecycleData> = {}): Draft => {
    const sealer = new FixedSealer();
    const data: LifecycleData = {
      event: name,
      email: "01HXEMAIL",
      happened_at: "2026-11-23T12:00:00Z",
      by: by === undefined ? null : sealer.seal("address", by),
      reason: by === undefined ? null : sealer.seal("text", "=It is fine"),
      bounce_type: name === "bounced" ? "hard" : null,
      learnt_by: "webhook",
      multimail_status: name,
      final: name === "delivered" || name === "bounced",
      ...more,
    };
    return { kind: "lifecycle", ...of, receipt: RECEIPT, data, sealed: sealer.values };
  };
  const readback: ReadbackData = {
    email: "01HXEMAIL",
    mailbox: "01HXMAILBOX",
    phase: "held",
    match: false,
    differences: ["bcc", "body"],
    unchecked: ["attachments"],
  };
  const allowed: Partial<IntentData> = { counted: 2, held: true };
  const accepted: Partial<OutcomeData> = { email: "01HXEMAIL", thread: "01HXTHREAD" };
  return [
    intent(RECEIPT, allowed, [
      { counter: "finance/bot hour", windowMs: 3_600_000, max: 9 },
      { counter: "finance/bot day", windowMs: 86_400_000, max: 90 },
    ]),
    outcome(RECEIPT, { result: "unknown", code: "timeout", message: "MultiMail did not answer" }),
    outcome(RECEIPT, { result: "accepted", ...accepted, learnt_by: "idempotency_key" }),
    event("held"),
    { kind: "readback", ...of, receipt: RECEIPT, data: readback },
    { kind: "readback", ...of, receipt: RECEIPT, data: { ...readback, match: true, differences: [] } },
    event("approved", "lead@company.example", { decided_by: "approver" }),
    event("denied", undefined, { learnt_by: "policy", findings: findings("deny") }),
    event("sent", undefined, { outside_hours: true }),
    event("delivered"),
    { kind: "lifecycle", data: { event: "unknown", name: "message.sighed", learnt_by: "webhook" } },
    intent(DENIED, {
      effect: "deny",
      idempotency_key: null,
      findings: findings("deny"),
      send_at: "2026-11-24",
    }),
    intent(READ, { action: "inbox", idempotency_key: null, recipients: [], attachments: [], findings: [] }),
    outcome(READ, { result: "answered", outside: true }),
  ];
}

function findings(effect: string): IntentData["findings"] {
  const message = "The recipient must not be written to";
  return [
    {
      rule: "recipients.deny",
      effect,
      message,
      detail: '=x "é" \u2028',
      where: "finance.yaml:14",
      about: [0],
    },
    { rule: "hours", effect: "note", message: "It is late", detail: null, where: null, about: [] },
  ];
}

function intent(receipt: string, changes: Partial<IntentData>, reservations?: Wanted["reservations"]): Draft {
  const sealer = new FixedSealer();
  const data: IntentData = {
    call: "req_00000000000000000000000001",
    door: "mcp",
    action: "reply",
    attempted: null,
    effect: "allow",
    held: false,
    findings: findings("note"),
    recipients: [
      { field: "to", address: sealer.seal("address", "Ana+x@partner.example"), domain: "partner.example" },
      { field: "bcc", address: sealer.seal("address", "no address"), domain: null },
    ],
    mailbox: "01HXMAILBOX",
    about: "01HXORIGINAL",
    subject: null,
    original_subject: sealer.seal("subject", "Invoice 42, grüße"),
    body: sealer.seal("body", "A reminder.\r\n".repeat(400)),
    body_bytes: 5_200,
    attachments: [
      {
        name: sealer.seal("attachment_name", "invoice.pdf"),
        content_type: "application/pdf",
        content: sealer.seal("attachment", "JVBERi0="),
        bytes: 5,
      },
    ],
    send_at: null,
    idempotency_key: receipt,
    caller_key: sealer.seal("caller_key", "reminder-42"),
    ...changes,
  };
  // What is not named must not lie beside the record.
  const sealed = sealer.values.filter(({ commitment }) => JSON.stringify(data).includes(commitment));
  const of = { team: "finance", assistant: "bot", receipt };
  return { kind: "intent", ...of, data, sealed, ...(reservations && { reservations }) };
}

function outcome(receipt: string, changes: Partial<OutcomeData> & Pick<OutcomeData, "result">): Draft {
  const sealer = new FixedSealer();
  const data: OutcomeData = {
    email: null,
    thread: null,
    multimail_status: changes.result === "accepted" ? "pending_approval" : null,
    learnt_by: "answer",
    outside: null,
    code: null,
    message: null,
    multimail_text: sealer.seal("text", "Queued for ana@partner.example"),
    ...changes,
  };
  const of = { team: "finance", assistant: "bot", receipt };
  return { kind: "outcome", ...of, data, sealed: sealer.values };
}

function mailboxes(): readonly Draft[] {
  const drift = (result: DriftData["result"], changes: Partial<DriftData> = {}): Draft => {
    const sealer = new FixedSealer();
    const isDone = result === "cleared" || result === "decided_by_other";
    const data: DriftData = {
      result,
      mailbox: "01HXMAILBOX",
      settings: ["mailbox.mode"],
      because: isDone ? RECEIPT : null,
      by: isDone ? sealer.seal("text", "bob@elsewhere.example") : null,
      reason: result === "cleared" ? sealer.seal("text", "Seen to") : null,
      ...changes,
    };
    return { kind: "drift", team: "finance", data, sealed: sealer.values };
  };
  const applied = (
    result: AppliedChangeData["result"],
    change: { setting: string; declared: string; live: string | null },
  ) => {
    const sealer = new FixedSealer();
    const seal = (text: string | null) => (text?.includes("@") ? sealer.seal("text", text) : text);
    const data: AppliedChangeData = {
      ...{ result, mailbox: "01HXMAILBOX", settings: [], setting: change.setting },
      ...{ declared: seal(change.declared), live: seal(change.live), because: null },
      by: sealer.seal("text", "ann"),
      reason: result === "failed" ? sealer.seal("text", "MultiMail answered 500") : null,
    };
    return { kind: "drift", team: "finance", data, sealed: sealer.values } as const;
  };
  const mode = { setting: "mailbox.mode", declared: "gated_send", live: "autonomous" };
  return [
    drift("differs"),
    drift("ends"),
    drift("stopped", { settings: ["body"], because: RECEIPT }),
    drift("decided_by_other", { email: "01HXRECEIVED" }),
    drift("cleared", { settings: [] }),
    applied("code_requested", mode),
    applied("applying", mode),
    applied("applied", { setting: "mailbox.approvers", declared: "lead@company.example", live: null }),
    applied("failed", mode),
  ];
}

function refusals(): readonly Draft[] {
  const counted = [
    { door: "mcp", code: "unauthorized", count: 3 },
    { door: "rest", code: "too_many_requests", count: 2, assistant: "finance/bot" },
  ];
  const message = "The trail has 3 records, and the checkpoint in latest.txt is of 5: it was cut off";
  return [
    { kind: "refused", data: { refused: counted } },
    { kind: "refused", data: { refused: [{ door: "trail", code: "trail_unavailable", count: 7 }] } },
    {
      kind: "refused",
      data: { refused: [{ door: "checkpoint", code: "trail_not_extended", count: 1 }], message },
    },
  ];
}

function people(): readonly Draft[] {
  const access = new FixedSealer();
  const exported = new FixedSealer();
  const erased = new FixedSealer();
  const filter = { team: "finance", assistant: null, receipt: null, rule: null, effect: null };
  return [
    {
      kind: "access",
      receipt: RECEIPT,
      data: {
        ...{ result: "granted", asked: "bodies_and_attachments", over: "cli" },
        ...{ by: access.seal("text", "ann"), reason: access.seal("text", "Case 7") },
      },
      sealed: access.values,
    },
    {
      kind: "export",
      data: {
        ...{ format: "csv", since: null, until: "2026-11-24T00:00:00.000Z", values: ["address"] },
        filter: { ...filter, recipient: exported.seal("address", "ana@partner.example"), kind: "intent" },
        ...{ by: exported.seal("text", "ann"), reason: exported.seal("text", "Audit") },
      },
      sealed: exported.values,
    },
    {
      kind: "erasure",
      data: {
        ...{ because: "person", commitments: ["00".repeat(32)], below: null },
        ...{ by: erased.seal("text", "ann"), reason: erased.seal("text", "She asked") },
      },
      sealed: erased.values,
    },
    {
      kind: "erasure",
      data: {
        ...{ because: "retention", by: null, reason: null, commitments: [] },
        below: { seq: 1, kinds: ["body", "attachment"] },
      },
    },
  ];
}

/** That no kind is left out does not compile without it. */
export const GOLDEN_KINDS: Readonly<Record<Exclude<RecordKind, "checkpoint">, true>> = {
  intent: true,
  outcome: true,
  lifecycle: true,
  readback: true,
  policy: true,
  drift: true,
  key: true,
  refused: true,
  access: true,
  export: true,
  erasure: true,
};
