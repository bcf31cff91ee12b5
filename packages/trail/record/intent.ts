import {
  ASKER,
  ASKER_COMMITMENTS,
  type Asker,
  type AskerText,
  askerName,
  openAsker,
  sealAsker,
} from "./asker.ts";
import type { EntryFrame, EntryOf } from "./frame.ts";
import { INTENT_FACTS, type IntentFacts } from "./intent_facts.ts";
import type { Fact, Kind, Reason, Shown, ShownOptions } from "./kind.ts";
import { type Commitment, Sealer } from "./sealed.ts";
import { COUNT, FLAG, listOf, maybe, objectOf, type Shape, TEXT } from "./shape.ts";
import { subjectOf } from "./subject_of.ts";

/** `data` of an `intent` record: what was asked for and what was decided, before anything was done. */
export type IntentData = {
  /** Id of the call, which the answer shows as `request_id`. */
  readonly call: string;
  readonly door: string;
  /** An action's name, or `invalid`. */
  readonly action: string;
  /** For an invalid request: what it tried to be. */
  readonly attempted: string | null;
  readonly effect: "allow" | "deny";
  /** MultiMail will hold it for a person. */
  readonly held: boolean;
  readonly findings: readonly {
    readonly rule: string;
    readonly effect: string;
    readonly message: string;
    readonly detail: string | null;
    /** `teams/finance.yaml:14` */
    readonly where: string | null;
    /** Indices into `recipients`. */
    readonly about: readonly number[];
  }[];
  readonly recipients: readonly {
    readonly field: string;
    readonly address: Commitment;
    /** Null when the text is no address. */
    readonly domain: string | null;
    /** The policy's `compose` gave it a copy; absent: it was asked for, or wrote the email replied to. */
    readonly composed?: true;
  }[];
  /** MultiMail's id of the mailbox that the call acts in. */
  readonly mailbox: string | null;
  /** MultiMail's id of the email or thread that the call is about. */
  readonly about: string | null;
  readonly subject: Commitment | null;
  /** Of a reply: the subject of the email that it answers, of which MultiMail makes its own. */
  readonly original_subject?: Commitment | null;
  readonly body: Commitment | null;
  /** In UTF-8 bytes. */
  readonly body_bytes: number;
  /**
   * How much of the text the policy's `compose` added, in UTF-16 units: at the beginning of the subject, at the end of the
   * body. Absent where that is none, and in records of early versions.
   */
  readonly added?: { readonly subject: number; readonly body: number };
  readonly attachments: readonly {
    readonly name: Commitment;
    readonly content_type: string;
    /** To its base64; of an email that was denied, to the base64 of its SHA-256. */
    readonly content: Commitment;
    /** Decoded. */
    readonly bytes: number;
  }[];
  readonly send_at: string | null;
  /** What MultiMail is given, now and whenever it is asked again. */
  readonly idempotency_key: string | null;
  /** What the caller gave, if anything. */
  readonly caller_key: Commitment | null;
  /** How many counters of limits count this email; absent in records of early versions, and where it is none. */
  readonly counted?: number;
  /** What else the decision went by; absent in records of early versions. */
  readonly facts?: IntentFacts;
  /** Who asked the assistant, by a sign-in of their own; absent: nobody signed in. */
  readonly person?: Asker;
  /** Receipt of the assistant's earlier email that this one replaces: it was rejected, or changes were asked. Absent: of none. */
  readonly revises?: string;
  /** The assistant's own key did not come: only the person is proven. Absent: it did. */
  readonly unproven?: true;
};

/** What an intent says, with text where the record has commitments. */
export type AskedText = Omit<IntentData, "body_bytes" | "person"> & { readonly person?: AskerText };

/**
 * Builds the record of what was asked for and decided, from the same with text where the record has commitments: addresses,
 * subjects, body, names and contents of files, the caller's key and who asked enter it sealed.
 */
export function intentEntry(
  asked: AskedText,
  { at, team, assistant, receipt, policy }: EntryFrame,
): EntryOf<"intent", IntentData> {
  const sealer = new Sealer();
  // One after the other, in the order of their places beside the record.
  const recipients = asked.recipients.map(({ field, address: text, domain, composed }) => {
    const address = sealer.seal("address", text);
    return composed === undefined ? { address, domain, field } : { address, composed, domain, field };
  });
  const subject = sealer.sealIfAny("subject", asked.subject);
  const { original_subject: original } = asked;
  const originalSubject = original === undefined ? undefined : sealer.sealIfAny("subject", original);
  const body = sealer.sealIfAny("body", asked.body);
  const attachments = asked.attachments.map(({ name, content_type, content, bytes }) => {
    const sealedName = sealer.seal("attachment_name", name);
    return { bytes, content: sealer.seal("attachment", content), content_type, name: sealedName };
  });
  const caller_key = sealer.sealIfAny("caller_key", asked.caller_key);
  // In the order in which they are encoded; what few have comes after them.
  const { facts } = asked;
  const common: Required<Omit<IntentData, Few | "facts">> & Pick<IntentData, "facts"> = {
    about: asked.about,
    action: asked.action,
    attachments,
    attempted: asked.attempted,
    body,
    body_bytes: asked.body === null ? 0 : Buffer.byteLength(asked.body),
    call: asked.call,
    caller_key,
    door: asked.door,
    effect: asked.effect,
    ...(facts !== undefined && { facts: sealFacts(sealer, facts) }),
    findings: asked.findings,
    held: asked.held,
    idempotency_key: asked.idempotency_key,
    mailbox: asked.mailbox,
    recipients,
    send_at: asked.send_at,
    subject,
  };
  const { added, counted, person, revises, unproven } = asked;
  const few = [added, counted, originalSubject, person, revises, unproven];
  const data = few.every((one) => one === undefined)
    ? common
    : {
        ...common,
        ...(added !== undefined && { added }),
        ...(counted !== undefined && { counted }),
        ...(originalSubject !== undefined && { original_subject: originalSubject }),
        ...(person !== undefined && { person: sealAsker(sealer, person) }),
        ...(revises !== undefined && { revises }),
        ...(unproven && { unproven }),
      };
  return { kind: "intent", at, team, assistant, receipt, policy, data, sealed: sealer.values };
}

/** What few records have. */
type Few = "added" | "counted" | "original_subject" | "person" | "revises" | "unproven";

/** What of the live mailbox was not as declared may name somebody. */
function sealFacts(sealer: Sealer, facts: IntentFacts): IntentFacts {
  const { live } = facts;
  return live === undefined ? facts : { ...facts, live: sealer.seal("text", live) };
}

/** Something that a rule had to say. */
const FINDING: Shape = objectOf({
  ...{ rule: TEXT, effect: TEXT, message: TEXT, detail: maybe(TEXT), where: maybe(TEXT) },
  about: listOf(COUNT),
});

/** An `intent`'s words for people and commitments, and what it means to others. */
export const INTENT: Kind<IntentData> = {
  words: ({ action, effect, held, findings, recipients, unproven }) => {
    const rules = distinct(findings.filter((finding) => finding.effect === effect).map(({ rule }) => rule));
    const domains = distinct(recipients.map(({ domain }) => (domain === null ? "?" : `@${domain}`)));
    const verdict = effect === "deny" ? `denied ${rules.join(" ")}` : held ? "held" : "allowed";
    const who = unproven ? ", assistant NOT PROVEN by its key" : "";
    return `${action} ${verdict}${domains.length > 0 ? `, to ${domains.join(" ")}` : ""}${who}`;
  },
  shown: shownIntent,
  shape: objectOf({
    ...{ call: TEXT, door: TEXT, action: TEXT, attempted: maybe(TEXT), effect: TEXT, held: FLAG },
    findings: listOf(FINDING),
    recipients: listOf(objectOf({ field: TEXT, address: TEXT, domain: maybe(TEXT) })),
    ...{ mailbox: maybe(TEXT), about: maybe(TEXT), subject: maybe(TEXT), original_subject: maybe(TEXT) },
    ...{ body: maybe(TEXT), body_bytes: COUNT, send_at: maybe(TEXT) },
    attachments: listOf(objectOf({ name: TEXT, content_type: TEXT, content: TEXT, bytes: COUNT })),
    facts: maybe(INTENT_FACTS),
    ...{ person: maybe(ASKER), revises: maybe(TEXT), unproven: maybe(FLAG) },
  }),
  shared: false,
  commitments: [
    ["recipients", "address", ["address"]],
    [null, "subject", ["subject"]],
    [null, "original_subject", ["subject"]],
    [null, "body", ["body"]],
    ["attachments", "name", ["attachment_name"]],
    ["attachments", "content", ["attachment"]],
    [null, "caller_key", ["caller_key"]],
    ["facts", "live", ["text"]],
    ...ASKER_COMMITMENTS,
  ],
  opens: ({ effect, idempotency_key }) => effect === "allow" && typeof idempotency_key === "string",
};

function distinct(list: readonly string[]): readonly string[] {
  return [...new Set(list)];
}

/** Attachments are named by size only, and so is a body that is not among the values. */
function shownIntent(data: IntentData, options: ShownOptions): Shown {
  const { values, hasBodies } = options;
  const open = (commitment: Commitment): string => values.get(commitment) ?? "(erased)";
  const { action, attempted, effect, held, door, call, recipients, attachments, body } = data;
  const optional = (name: string, value: string | null): readonly Fact[] =>
    value === null ? [] : [[name, value]];
  const size = `${data.body_bytes} bytes`;
  const text = hasBodies && body !== null ? values.get(body) : undefined;
  return {
    facts: [
      ["asked", `${action}${attempted === null ? "" : ` (${attempted})`} over ${door}, call ${call}`],
      ...askerFacts(data, options),
      ["decided", `${effect}${effect === "allow" && held ? ", held for a person" : ""}`],
      ...recipients.map(({ field, address }): Fact => [field, open(address)]),
      ...optional(
        "subject",
        (data.subject ?? data.original_subject) ? (subjectOf(data, values) ?? "(erased)") : null,
      ),
      ...optional(
        "body",
        body && `${size}${hasBodies ? (values.has(body) ? "" : " (erased)") : ", not shown"}`,
      ),
      ...attachments.map(
        ({ name, content_type, bytes }): Fact => [
          "attachment",
          `${open(name)} (${content_type}, ${bytes} bytes)`,
        ],
      ),
      ...optional("mailbox", data.mailbox),
      ...optional("about", data.about),
      ...optional("send at", data.send_at),
      ...optional("revises", data.revises ?? null),
    ],
    reasons: reasonsOf(data, options),
    ...(text !== undefined && { body: text }),
  };
}

function askerFacts({ person, unproven }: IntentData, { values }: ShownOptions): readonly Fact[] {
  const asker = openAsker(person, values);
  const groups = asker?.claims?.join(", ");
  return [
    ...(person === undefined
      ? []
      : [["asked by", asker === undefined ? "(erased)" : askerName(asker)] as const]),
    ...(asker?.address === undefined
      ? []
      : [["signed in", `as ${asker.subject} at ${asker.issuer}`] as const]),
    ...(groups === undefined ? [] : [["groups", groups] as const]),
    ...(unproven ? [["assistant", "NOT PROVEN by its key"] as const] : []),
  ];
}

function reasonsOf(
  { findings, recipients }: IntentData,
  { values, lineAt }: ShownOptions,
): readonly Reason[] {
  return findings.map(({ rule, effect, message, detail, where, about }) => {
    const whom = about.map((index) => values.get(recipients[index]?.address ?? "") ?? "(erased)");
    const line = where === null ? undefined : lineAt(where);
    return [
      effect,
      `${rule}: ${message}`,
      ...(detail === null ? [] : [detail]),
      ...(whom.length === 0 ? [] : [`about ${whom.join(", ")}`]),
      ...(where === null ? [] : [`${where}${line === undefined ? "" : `  ${line.trim()}`}`]),
    ];
  });
}
