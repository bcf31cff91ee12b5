import { openAsker } from "../record/asker.ts";
import type { IntentData } from "../record/intent.ts";
import { isReadable } from "../record/is_readable.ts";
import { personOf } from "../record/person_of.ts";
import { subjectOf } from "../record/subject_of.ts";
import { ocsfOutcome } from "./_ocsf_outcome.ts";
import type { OpenedRecord } from "./_opened_records.ts";

/** What an event says beside its record. */
export interface OcsfEventOptions {
  readonly origin: string;
  /** Of the record's receipt. */
  readonly intent: IntentData | undefined;
  /** Addresses of mailboxes by id. */
  readonly senders: ReadonlyMap<string, string>;
  readonly message: string;
}

const CLASS = 4009;

/** OCSF's `email_t`. */
const ADDRESS = /^[a-zA-Z0-9!#$%&'*+\-/=?^_`{|}~.]+@[a-zA-Z0-9-]+\.[a-zA-Z0-9-.]+$/;

const DISPOSITIONS: Readonly<Record<number, string>> = {
  0: "Unknown",
  1: "Allowed",
  2: "Blocked",
  8: "Approved",
  14: "Delayed",
  19: "Alert",
  25: "Rejected",
  27: "Error",
  99: "Cancelled",
};

/** An OCSF 1.8.0 Email Activity event; undefined: the record is about no email. */
export function ocsfEvent(whole: OpenedRecord, options: OcsfEventOptions): object | undefined {
  const opened = isReadable(whole.record) ? whole : withoutData(whole);
  const { record } = opened;
  const outcome = ocsfOutcome(whole.record);
  if (outcome === undefined) return undefined;
  const { intent, message } = options;
  const activity = activityOf(record.kind, intent?.action);
  const { data, at, policy } = record;
  const email = typeof data.email === "string" && data.email !== "" ? data.email : undefined;
  const detail = data.message ?? null;
  return {
    ...{ activity_id: activity.id, activity_name: activity.name },
    ...{ category_uid: 4, category_name: "Network Activity", class_uid: CLASS, class_name: "Email Activity" },
    ...{ type_uid: CLASS * 100 + activity.id, type_name: `Email Activity: ${activity.name}` },
    time: Date.parse(at),
    ...outcome,
    severity: ["Unknown", "Informational", "Low", "Medium"][outcome.severity_id],
    action: outcome.action_id === 1 ? "Allowed" : "Denied",
    disposition: DISPOSITIONS[outcome.disposition_id],
    ...(typeof detail === "string" && { status_detail: detail }),
    ...(typeof data.code === "string" && { status_code: data.code }),
    message,
    ...directionOf(options),
    ...(email !== undefined && { message_trace_uid: email }),
    ...envelopeOf(opened, options),
    ...actorOf(opened, options),
    email: emailOf(opened, options),
    ...(policy !== null && { policy: { uid: policy, name: record.team ?? "policies" } }),
    ...ruleOf(opened),
    metadata: metadataOf(opened, options),
    unmapped: unmappedOf(opened, options),
  };
}

/** One that does not hold what its kind holds: its message says all of it. */
function withoutData({ record, values }: OpenedRecord): OpenedRecord {
  const data: IntentData = {
    ...{ call: "", door: "", action: "", attempted: null, effect: "deny", held: false },
    ...{
      findings: [],
      recipients: [],
      attachments: [],
      mailbox: null,
      about: null,
      subject: null,
      body: null,
    },
    ...{ body_bytes: 0, send_at: null, idempotency_key: null, caller_key: null },
  };
  return { record: { ...record, data } as OpenedRecord["record"], values };
}

/** A read is no activity of this class. */
function activityOf(
  kind: string,
  action: string | undefined,
): { readonly id: number; readonly name: string } {
  if (action !== undefined && !/^(?:send|reply|report|cancel)$/.test(action))
    return { id: 99, name: action || "Other" };
  return kind === "intent" ? { id: 1, name: "Send" } : { id: 4, name: "Trace" };
}

/** Who asked the assistant for it, as far as they are among the values (OCSF's profile "host"). */
function actorOf(
  { record: { kind, assistant }, values }: OpenedRecord,
  { intent }: OcsfEventOptions,
): object {
  const asker = kind === "intent" ? openAsker(intent?.person, values) : undefined;
  if (asker === undefined) return {};
  const { issuer, subject, address } = asker;
  const email = address !== undefined && ADDRESS.test(address) ? { email_addr: address } : {};
  return {
    actor: {
      user: { uid: subject, ...email, type_id: 1, type: "User" },
      idp: { uid: issuer, issuer },
      ...(assistant !== null && { app_name: assistant }),
    },
  };
}

function metadataOf(opened: OpenedRecord, options: OcsfEventOptions): object {
  const { record } = opened;
  const { origin } = options;
  const { seq, kind, receipt, at, team } = record;
  return {
    version: "1.8.0",
    product: { name: "Countersign", vendor_name: "Countersign" },
    profiles: [...("actor" in actorOf(opened, options) ? ["host"] : []), "security_control"],
    uid: `${origin}/${seq}`,
    sequence: seq,
    event_code: kind,
    log_name: origin,
    original_time: at,
    ...(receipt !== null && { correlation_uid: receipt }),
    ...(team !== null && { labels: [`team:${team}`] }),
  };
}

function senderOf({ intent, senders }: OcsfEventOptions): string {
  const mailbox = intent?.mailbox || "unknown";
  const address = senders.get(mailbox);
  // A name that RFC 2606 reserves: OCSF wants a sender or a recipient, and neither may be made up.
  return address !== undefined && ADDRESS.test(address)
    ? address
    : `${mailbox.replaceAll(/[^\w-]/g, "-")}@mailbox.invalid`;
}

function directionOf(options: OcsfEventOptions): object {
  const domains = options.intent?.recipients.map(({ domain }) => domain) ?? [];
  if (domains.length === 0) return { direction_id: 0, direction: "Unknown" };
  const own = senderOf(options).split("@")[1];
  const isInternal = domains.every((domain) => domain === own);
  return isInternal ? { direction_id: 3, direction: "Internal" } : { direction_id: 2, direction: "Outbound" };
}

function emailOf({ record, values }: OpenedRecord, options: OcsfEventOptions): object {
  const { data, kind } = record;
  const intent = kind === "intent" ? options.intent : undefined;
  // Whom MultiMail answers when it replies stands in the header as anybody else whom an email is to.
  const [to, cc] = [addressesOf(values, intent, ["to", "participant"]), addressesOf(values, intent, ["cc"])];
  const subject = intent && subjectOf(intent, values);
  const files = intent?.attachments.flatMap(({ name, content_type, bytes }) => {
    const known = values.get(name);
    return known === undefined ? [] : [{ name: known, type_id: 1, size: bytes, mime_type: content_type }];
  });
  const size = intent?.attachments.reduce((sum, { bytes }) => sum + bytes, intent.body_bytes);
  return {
    from: senderOf(options),
    ...(to.length > 0 && { to }),
    ...(cc.length > 0 && { cc }),
    ...(subject !== undefined && { subject }),
    ...(size !== undefined && { size }),
    ...(files !== undefined && files.length > 0 && { files }),
    ...(typeof data.thread === "string" && { uid: data.thread }),
  };
}

/** Everybody whom the email is for, Bcc too, which OCSF's Email object has no place for before 1.9. */
function envelopeOf({ record: { kind }, values }: OpenedRecord, { intent }: OcsfEventOptions): object {
  const to = kind === "intent" ? addressesOf(values, intent) : [];
  return to.length > 0 ? { to } : {};
}

/** Once each, of recipients of these fields, or of all. */
function addressesOf(
  values: OpenedRecord["values"],
  intent: IntentData | undefined,
  fields?: readonly string[],
): readonly string[] {
  const recipients = intent?.recipients.filter(({ field }) => fields?.includes(field) ?? true) ?? [];
  const addresses = recipients.flatMap(({ address }) => values.get(address) ?? []);
  return [...new Set(addresses)].filter((address) => ADDRESS.test(address));
}

/** The rule that decided. */
function ruleOf({ record: { kind, data } }: OpenedRecord): object {
  if (kind !== "intent") return {};
  const { findings, effect } = data;
  const finding = findings.find((one) => one.effect === effect);
  if (finding === undefined) return {};
  const { rule, message, where } = finding;
  return { firewall_rule: { name: rule, desc: message, ...(where !== null && { uid: where }) } };
}

function unmappedOf({ record, values }: OpenedRecord, { intent }: OcsfEventOptions): object {
  const { team, assistant, receipt, kind, data } = record;
  const recipients = kind === "intent" ? intent?.recipients : undefined;
  const shown = recipients?.map(({ field, address, domain }) => {
    const known = values.get(address);
    return { role: field, domain, ...(known !== undefined && { address: known }) };
  });
  const bcc = kind === "intent" ? addressesOf(values, intent, ["bcc"]) : [];
  const [by, reason] = [personOf(record), data.reason].map((value) => values.get(String(value)));
  const domains = intent?.recipients.flatMap(({ domain }) => domain ?? []) ?? [];
  return {
    ...{ team, assistant, receipt },
    ...(intent !== undefined && { action: intent.action, door: intent.door, mailbox: intent.mailbox }),
    ...(domains.length > 0 && { recipient_domains: [...new Set(domains)] }),
    ...(shown !== undefined && shown.length > 0 && { recipients: shown }),
    ...(bcc.length > 0 && { bcc }),
    ...(by !== undefined && { by }),
    ...(reason !== undefined && { reason }),
    ...(kind === "intent" && intent?.unproven && { assistant_proven: false }),
    ...(kind === "intent" && { rules: data.findings.map(({ rule }) => rule) }),
    ...(kind === "lifecycle" && { event: data.event, decided_by: data.decided_by ?? null }),
    ...(kind === "outcome" && { result: data.result }),
  };
}
