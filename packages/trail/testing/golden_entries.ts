import assert from "node:assert/strict";
import { hash } from "node:crypto";
import {
  type AppliedChange,
  type ApprovalEntryOptions,
  type AskedText,
  accessEntry,
  appliedChangeEntry,
  approvalEntry,
  approvalText,
  commitmentOf,
  type DriftEntryOptions,
  driftEntry,
  exportEntry,
  type IntentData,
  intentEntry,
  keyChangeEntry,
  keyLabel,
  type LifecycleEntryOptions,
  lifecycleEntry,
  type NoticeData,
  notExtendedEntry,
  noticeEntry,
  type OutcomeEntryOptions,
  outcomeEntry,
  personErasureEntry,
  policyEntry,
  type RecordKind,
  readbackEntry,
  refusedEntry,
  retentionEntry,
  seal,
  signingKeyEntry,
  type TrailEntry,
  unknownEventEntry,
  type Wanted,
  type WantingEntry,
} from "../mod.ts";
import { toIsoTime } from "../record/to_iso_time.ts";
import { NOON } from "./entries.ts";
import { SAMPLE_POLICIES, SAMPLE_SIGNER } from "./sample_trail.ts";

/** Text of the policies of the golden trail, and their hash. */
const TEXT = SAMPLE_POLICIES[0] ?? "";
const POLICY = hash("sha256", TEXT);
const RECEIPT = "rcp_00000000000000000000000001";
const DENIED = "rcp_00000000000000000000000002";
const READ = "rcp_00000000000000000000000003";
const ASKED = "rcp_00000000000000000000000004";
const NOTICE = "ntc_00000000000000000000000001";
const UNPROVEN = "rcp_00000000000000000000000005";

/** When each was built; they follow each other by a minute. */
const FRAME = { at: NOON, policy: POLICY } as const;
const BY_BOT = { ...FRAME, team: "finance", assistant: "bot" } as const;

let salts = 0;

/**
 * What the gateway and the commands put on record, as they build it, every kind and every shape of it but checkpoints, whose
 * note says how large the tree is. Nothing in it is by chance, so that its bytes can be compared.
 */
export function goldenEntries(): readonly WantingEntry[] {
  salts = 0;
  return [
    ...policies(),
    ...keys(),
    ...emails(),
    ...mailboxes(),
    ...refusals(),
    ...people(),
    ...approvals(),
    ...askers(),
    ...notices(),
    ...withFacts(),
  ].map((entry, index) => signedAgain({ ...entry, at: NOON + index * 60_000 }));
}

/** An approval was signed with other salts, and at another time. */
function signedAgain(entry: WantingEntry): WantingEntry {
  if (entry.kind !== "approval") return entry;
  const text = approvalText({ ...entry, seq: 0, at: toIsoTime(entry.at) });
  return { ...entry, data: { ...entry.data, signature: signText(text).toString("base64") } };
}

/** The entry with salts that are the same each time, whichever it was built with. */
function fixed<Entry extends TrailEntry>(entry: Entry): Entry {
  let json = JSON.stringify(entry.data);
  const sealed = (entry.sealed ?? []).map(({ commitment, kind, value }) => {
    const salt = Buffer.from(hash("sha256", `salt ${salts++}`), "hex");
    const again = { commitment: commitmentOf(salt, kind, value), salt, kind, value };
    json = json.replaceAll(commitment, again.commitment);
    return again;
  });
  return { ...entry, data: JSON.parse(json), sealed };
}

function policies(): readonly TrailEntry[] {
  const files = [{ name: "finance.yaml", hash: POLICY }];
  const removed = { teams: ["sales"], assistants: ["finance/old-bot"], keys: ["finance/bot sha256:ab"] };
  const texts = [{ hash: POLICY, text: TEXT }];
  return [
    policyEntry({ result: "loaded", files }, { ...FRAME, texts }),
    policyEntry({ result: "loaded", files, part: 1, parts: 2 }, FRAME),
    policyEntry({ result: "refused", problems: 12, places: ["finance.yaml:3:1"], removed }, FRAME),
  ];
}

function keys(): readonly TrailEntry[] {
  const changed = (change: "added" | "revoked") =>
    fixed(keyChangeEntry({ change, hashes: [`sha256:${"ab".repeat(32)}`], person: "ann" }, BY_BOT));
  const signing = { verifier: SAMPLE_SIGNER.key.text, previous: null, vouch: null };
  return [changed("added"), changed("revoked"), signingKeyEntry(signing, NOON)];
}

function emails(): readonly WantingEntry[] {
  const email = { ...BY_BOT, receipt: RECEIPT };
  const event = (name: LifecycleEntryOptions["event"], more: Partial<LifecycleEntryOptions> = {}) =>
    fixed(
      lifecycleEntry(email, NOON, {
        event: name,
        email: "01HXEMAIL",
        happened_at: "2026-11-23T12:00:00Z",
        bounce_type: name === "bounced" ? "hard" : null,
        learnt_by: "webhook",
        multimail_status: name,
        final: name === "delivered" || name === "bounced",
        ...more,
      }),
    );
  const readback = (match: boolean, differences: readonly string[]) =>
    readbackEntry(email, NOON, {
      ...{ email: "01HXEMAIL", mailbox: "01HXMAILBOX", phase: "held", unchecked: ["attachments"] },
      ...{ match, differences },
    });
  const accepted = { email: "01HXEMAIL", thread: "01HXTHREAD" };
  const approved = { by: "lead@company.example", reason: "=It is fine", decided_by: "approver" } as const;
  return [
    intent(RECEIPT, { counted: 2, held: true }, [
      { counter: "finance/bot hour", windowMs: 3_600_000, max: 9 },
      { counter: "finance/bot day", windowMs: 86_400_000, max: 90 },
    ]),
    outcome(RECEIPT, { result: "unknown", code: "timeout", message: "MultiMail did not answer" }),
    outcome(RECEIPT, { result: "accepted", ...accepted, learnt_by: "idempotency_key" }),
    event("held"),
    readback(false, ["bcc", "body"]),
    readback(true, []),
    event("approved", approved),
    event("denied", { learnt_by: "policy", findings: findings("deny") }),
    event("sent", { outside_hours: true }),
    event("delivered"),
    unknownEventEntry("message.sighed", FRAME),
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

function intent(
  receipt: string,
  {
    recipients,
    attachments,
    ...changes
  }: Partial<Omit<IntentData, "body_bytes" | "person">> & Pick<AskedText, "person">,
  reservations?: Wanted["reservations"],
): WantingEntry<"intent"> {
  const entry = fixed(
    intentEntry(
      {
        call: "req_00000000000000000000000001",
        door: "mcp",
        action: "reply",
        attempted: null,
        effect: "allow",
        held: false,
        findings: findings("note"),
        recipients: [
          { field: "to", address: "Ana+x@partner.example", domain: "partner.example" },
          { field: "bcc", address: "no address", domain: null },
        ],
        mailbox: "01HXMAILBOX",
        about: "01HXORIGINAL",
        subject: null,
        original_subject: "Invoice 42, grüße",
        body: "A reminder.\r\n".repeat(400),
        attachments: [
          { name: "invoice.pdf", content_type: "application/pdf", content: "JVBERi0=", bytes: 5 },
        ],
        send_at: null,
        idempotency_key: receipt,
        caller_key: "reminder-42",
        ...changes,
      },
      { ...BY_BOT, receipt },
    ),
  );
  // Some are without, on the salts of those that have all.
  const data = { ...entry.data, ...(recipients && { recipients }), ...(attachments && { attachments }) };
  const sealed = entry.sealed?.filter(({ commitment }) => JSON.stringify(data).includes(commitment)) ?? [];
  return { ...entry, data, sealed, ...(reservations && { reservations }) };
}

function outcome(receipt: string, said: OutcomeEntryOptions): TrailEntry<"outcome"> {
  const multimail_status = said.result === "accepted" ? "pending_approval" : null;
  const multimailText = "Queued for ana@partner.example";
  return fixed(outcomeEntry({ ...BY_BOT, receipt }, NOON, { multimail_status, multimailText, ...said }));
}

function mailboxes(): readonly TrailEntry[] {
  const about = { ...FRAME, team: "finance", receipt: null };
  const drift = (result: DriftEntryOptions["result"], said: Partial<DriftEntryOptions> = {}) =>
    driftEntry({ result, mailbox: "01HXMAILBOX", settings: ["mailbox.mode"], ...said }, about);
  const applied = (result: AppliedChange["result"], said: Partial<AppliedChange> = {}) =>
    fixed(
      appliedChangeEntry(
        {
          ...{ result, mailbox: "01HXMAILBOX", setting: "mailbox.mode", by: "ann" },
          ...{ declared: "gated_send", live: "autonomous", ...said },
        },
        about,
      ),
    );
  // The golden bytes have an address here that was sealed like any other text.
  const bob = seal("bob@elsewhere.example", "text");
  const other = drift("decided_by_other", { because: RECEIPT, email: "01HXRECEIVED" });
  const cleared = { by: "bob@elsewhere.example", reason: "Seen to", because: RECEIPT, settings: [] };
  const approvers = { setting: "mailbox.approvers", declared: "lead@company.example", live: null };
  return [
    drift("differs"),
    drift("ends"),
    drift("stopped", { settings: ["body"], because: RECEIPT }),
    fixed({ ...other, data: { ...other.data, by: bob.commitment }, sealed: [bob] }),
    fixed(drift("cleared", cleared)),
    applied("code_requested"),
    applied("applying"),
    applied("applied", approvers),
    applied("failed", { reason: "MultiMail answered 500" }),
  ];
}

function refusals(): readonly TrailEntry[] {
  const counted = [
    { door: "mcp", code: "unauthorized", count: 3 },
    { door: "rest", code: "too_many_requests", count: 2, assistant: "finance/bot" },
  ];
  const message = "The trail has 3 records, and the checkpoint in latest.txt is of 5: it was cut off";
  return [
    refusedEntry(counted, FRAME),
    refusedEntry([{ door: "trail", code: "trail_unavailable", count: 7 }], FRAME),
    notExtendedEntry(message, FRAME),
  ];
}

/** They name no policies; the golden bytes do. */
function people(): readonly TrailEntry[] {
  const nobody = { at: NOON, team: null, assistant: null };
  const access = accessEntry(
    {
      ...{ result: "granted", asked: "bodies_and_attachments", over: "cli" },
      ...{ by: "ann", reason: "Case 7" },
    },
    { ...nobody, receipt: RECEIPT },
  );
  const exported = exportEntry(
    {
      ...{ format: "csv", since: null, until: "2026-11-24T00:00:00.000Z", values: ["address"] },
      filter: {
        ...{ team: "finance", assistant: null, receipt: null, rule: null, effect: null },
        ...{ recipient: "ana@partner.example", kind: "intent" },
      },
      ...{ by: "ann", reason: "Audit" },
    },
    NOON,
  );
  const commitments = ["00".repeat(32)];
  const erased = personErasureEntry({ commitments, by: "ann", reason: "She asked" }, NOON);
  const kept = retentionEntry({ seq: 1, kinds: ["body", "attachment"] }, FRAME);
  return [fixed(access), fixed(exported), fixed(erased), kept].map((entry) => ({ ...entry, policy: POLICY }));
}

function approvals(): readonly TrailEntry[] {
  const signer = { key: keyLabel(SAMPLE_SIGNER.key), sign: signText };
  const approval = (said: Omit<ApprovalEntryOptions, keyof typeof decided>): TrailEntry =>
    fixed(approvalEntry({ ...decided, ...said }, { ...BY_BOT, receipt: RECEIPT }, signer));
  const [first, second] = [1, 2].map((number) => ({ where: "finance.yaml:21", number, needed: 2 }));
  assert.ok(first && second);
  const cfo = { standsFor: "cfo@company.example", due: "2026-11-24T07:00:00.000Z" };
  const alone = { where: null, number: 1, needed: 1 };
  const why = { reason: "Name the invoice", due: null };
  return [
    approval({ decision: "approve", counts: [first], completes: false, auth: "oidc", due: null }),
    approval({ decision: "approve", counts: [second, alone], completes: true, auth: "oidc", ...cfo }),
    approval({ decision: "ask_for_changes", counts: [], completes: true, auth: "link", ...why }),
  ];
}

/** What a person was shown. */
const decided = {
  ...{ email: "01HXEMAIL", mailbox: "01HXMAILBOX", by: "lead@company.example" },
  ...{ identity: { issuer: "https://id.company.example", subject: "7f3a" } },
  ...{ content: "ab".repeat(32), judgement: "cd".repeat(32) },
  required: [
    { class: null, needed: 1 },
    { class: "content: iban", needed: 2 },
  ],
  findings: findings("flag"),
};

function signText(text: string): Buffer {
  return Buffer.from(SAMPLE_SIGNER.sign(text).signature);
}

/** What assistants were asked for by people who signed in. */
function askers(): readonly WantingEntry[] {
  const ana = { issuer: "https://login.company.example/v2.0", subject: "00u1ana" };
  const denied = findings("deny").map((finding) => ({ ...finding, rule: "users", about: [] }));
  const exported = exportEntry(
    {
      ...{ format: "jsonl", since: null, until: null, values: ["text"] },
      filter: {
        ...{ team: null, assistant: null, receipt: null, rule: null, effect: null },
        user: "ana@company.example",
      },
      ...{ by: "ann", reason: "Audit" },
    },
    NOON,
  );
  return [
    intent(ASKED, { person: { ...ana, address: "Ana@company.example", claims: ["sales", '=x "é"'] } }),
    intent(UNPROVEN, {
      ...{ effect: "deny", idempotency_key: null, findings: denied },
      ...{ person: ana, unproven: true },
    }),
    { ...fixed(exported), policy: POLICY },
  ];
}

/** What people were told of email that waits. */
function notices(): readonly TrailEntry[] {
  const noticed = { channel: "leads-chat", over: "slack", about: "waiting", emails: 2 } as const;
  const named = { ...noticed, receipts: [RECEIPT, ASKED] };
  const of = (data: NoticeData): TrailEntry => noticeEntry(data, { ...BY_BOT, receipt: NOTICE });
  const mailed = { ...noticed, channel: "mail", over: "email", receipts: [] } as const;
  const again = { retry_at: "2026-11-23T12:00:30.000Z", code: "http_503" };
  return [
    of({ ...named, result: "asked", attempt: 0, link: "https://console.company.example/queue?team=finance" }),
    of({ ...named, result: "sending", attempt: 1 }),
    of({ ...noticed, receipts: [], result: "failed", attempt: 1, ...again }),
    of({ ...named, result: "sending", attempt: 2, unsure: true, about: "reminder" }),
    of({ ...noticed, receipts: [], result: "sent", attempt: 2, about: "reminder" }),
    of({ ...mailed, result: "failed", attempt: 6, people: 1, code: "timeout", retry_at: null }),
    of({ ...mailed, result: "sent", attempt: 1, people: 3, about: "escalated", emails: 1 }),
    of({ ...mailed, result: "dropped", attempt: 1, emails: 0 }),
  ];
}

/** What decisions went by. */
function withFacts(): readonly WantingEntry[] {
  const settings = { allowlist: ["bob@elsewhere.example"], auto_bcc: "=spy@rival.example" };
  return [
    intent("rcp_00000000000000000000000006", {
      facts: {
        ...{ after: 12, contacts: [0] },
        files: [{ actual: null, wrong: ["mismatch", "unscannable"] }],
        found: [{ detector: "iban", file: 0, line: 3 }],
        live: JSON.stringify(settings),
        ...{ looked: ["iban"], mode: "gated_all", named: "own" },
        outside: { read: 60_000, window: 3_600_000, written: [] },
        recent: { emails: [{ age: 9, alike: 0.7142857142857143, to: [0] }], window: 86_400_000 },
        send_at: null,
        used: [
          { limit: "per_recipient", of: [[0, 2]], window: 86_400_000 },
          { limit: "team", window: 3_600_000 },
        ],
      },
    }),
    intent("rcp_00000000000000000000000007", {
      ...{ effect: "deny", idempotency_key: null, findings: findings("deny") },
      facts: { after: 0, beyond: true },
    }),
  ];
}

/** That no kind is left out does not compile without it. */
export const GOLDEN_KINDS: Readonly<Record<Exclude<RecordKind, "checkpoint">, true>> = {
  intent: true,
  outcome: true,
  lifecycle: true,
  approval: true,
  notice: true,
  readback: true,
  policy: true,
  drift: true,
  key: true,
  refused: true,
  access: true,
  export: true,
  erasure: true,
};
