import { parseAddress } from "@countersign/core/address";
import { type EntryFrame, type EntryOf, NOBODY } from "./frame.ts";
import type { IntentData } from "./intent.ts";
import { type Kind, WHO_AND_WHY } from "./kind.ts";
import { type Commitment, Sealer } from "./sealed.ts";
import { listOf, maybe, objectOf, TEXT } from "./shape.ts";

/** What can happen to an email after MultiMail took it. */
export type LifecycleEvent =
  | "held"
  | "approved"
  | "rejected"
  | "scheduled"
  | "sent"
  | "delivered"
  | "bounced"
  | "complained"
  | "cancelled"
  | "send_failed"
  /** Judged again, it may not leave any more: it is about to be cancelled at MultiMail. */
  | "denied"
  /** Nobody decided for so long that the policy gives up: it is about to be cancelled at MultiMail. */
  | "expired"
  /** What was decided in the console some time ago is carried out now. */
  | "released"
  /** What was approved in the console and not carried out does not meet what is required now: it waits again. */
  | "lapsed"
  /** MultiMail said nothing new for so long that it is not asked any more. */
  | "no_news";

/** `data` of a `lifecycle` record about an email: something happened to it. Each event is there once an email. */
export type LifecycleData = {
  readonly event: LifecycleEvent;
  /** MultiMail's email id. */
  readonly email: string;
  /** When it happened, as far as MultiMail says; ISO 8601. */
  readonly happened_at: string | null;
  /** Who decided, as far as MultiMail or the console says. */
  readonly by: Commitment | null;
  /** Why it was decided so. */
  readonly reason: Commitment | null;
  /**
   * Who decided, for `approved` and `rejected`: an `approver` of the team's policy, an `other` person, or `unknown`, when
   * MultiMail names nobody, or only the account. Absent: nobody looked.
   */
  readonly decided_by?: "approver" | "other" | "unknown";
  /** For `sent`: it had been held, and left at a time at which the policy lets none leave. Absent: it did not. */
  readonly outside_hours?: true;
  /** MultiMail's `bounce_type`. */
  readonly bounce_type: string | null;
  /** `policy`: it came of the policies in force. */
  readonly learnt_by: "webhook" | "polling" | "console" | "answer" | "policy";
  /** For `denied`: what denies, as in an intent. */
  readonly findings?: IntentData["findings"];
  /** MultiMail's own status. */
  readonly multimail_status: string | null;
  /** MultiMail is not asked about this email any more. */
  readonly final: boolean;
};

/** `data` of a `lifecycle` record about no email: MultiMail told an event that nobody here knows. */
export type UnknownEventData = {
  readonly event: "unknown";
  /** MultiMail's name for it. */
  readonly name: string;
  readonly learnt_by: "webhook";
};

/** What happened, with the person and the reason as text. */
export interface LifecycleEntryOptions
  extends Pick<LifecycleData, "event" | "email" | "learnt_by">,
    Partial<
      Pick<
        LifecycleData,
        | "happened_at"
        | "bounce_type"
        | "multimail_status"
        | "final"
        | "decided_by"
        | "outside_hours"
        | "findings"
      >
    > {
  /** Who decided: mostly an address. */
  readonly by?: string;
  readonly reason?: string;
}

/**
 * Builds the record of something that happened to the email of an intent. A person and a reason enter it as commitments.
 * `at` in epoch milliseconds.
 */
export function lifecycleEntry(
  { team, assistant, receipt, policy }: Omit<EntryFrame, "at">,
  at: number,
  { by, reason, ...happened }: LifecycleEntryOptions,
): EntryOf<"lifecycle", LifecycleData> {
  const sealer = new Sealer();
  const data: LifecycleData = {
    ...NOTHING,
    ...happened,
    by: by === undefined ? null : sealPerson(sealer, by),
    reason: reason === undefined ? null : sealer.seal("text", reason),
  };
  return { kind: "lifecycle", at, team, assistant, receipt, policy, data, sealed: sealer.values };
}

/** Members in the order in which they are encoded, but for what few have. */
const NOTHING: LifecycleData = {
  bounce_type: null,
  by: null,
  email: "",
  event: "sent",
  final: false,
  happened_at: null,
  learnt_by: "polling",
  multimail_status: null,
  reason: null,
};

/** Builds the record of an event that nobody here knows. */
export function unknownEventEntry(
  name: string,
  { at, policy }: Pick<EntryFrame, "at" | "policy">,
): EntryOf<"lifecycle", UnknownEventData> {
  const data: UnknownEventData = { event: "unknown", name, learnt_by: "webhook" };
  return { kind: "lifecycle", at, ...NOBODY, policy, data };
}

/** The commitment to a person: mostly an address, canonical if it is one. */
export function sealPerson(sealer: Sealer, text: string): Commitment {
  const parsed = parseAddress(text);
  return parsed.ok ? sealer.seal("address", parsed.address.address) : sealer.seal("text", text);
}

/** A `lifecycle`'s words for people and commitments, and what it means to others. */
export const LIFECYCLE: Kind<LifecycleData | UnknownEventData> = {
  words: (data) => {
    const { event, learnt_by } = data;
    if (data.event === "unknown") return `lifecycle unknown ${data.name} (learnt by ${learnt_by})`;
    const { decided_by, outside_hours, findings } = data;
    const rules = (findings ?? []).map(({ rule }) => ` ${rule}`).join("");
    const who = decided_by === undefined ? "" : DECIDED[decided_by];
    const late = outside_hours ? " OUTSIDE HOURS, approved late" : "";
    return `lifecycle ${event}${rules}${who}${late} (learnt by ${learnt_by})`;
  },
  shown: "members",
  shape: objectOf({
    ...{
      event: TEXT,
      name: maybe(TEXT),
      happened_at: maybe(TEXT),
      decided_by: maybe(TEXT),
      learnt_by: maybe(TEXT),
    },
    ...{ reason: maybe(TEXT), findings: maybe(listOf(objectOf({ rule: TEXT }))) },
  }),
  shared: false,
  commitments: WHO_AND_WHY,
  person: "by",
  ends: ({ final }) => final === true,
};

const DECIDED: Readonly<Record<NonNullable<LifecycleData["decided_by"]>, string>> = {
  approver: " by an approver",
  other: " by SOMEBODY WHO IS NO APPROVER",
  unknown: ", not known by whom",
};
