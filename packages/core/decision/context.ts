import type { AddressPattern, AddressResult } from "../address/mod.ts";
import type { AttachmentJudgement, ContentHit } from "../content/mod.ts";
import type { OversightMode } from "../policy/mod.ts";
import type { Person } from "./person.ts";

/** What the rules need to know about the world, fetched before deciding. Plain values: `decide` looks nothing up. */
export interface Context {
  /** Epoch milliseconds. */
  readonly now: number;
  /** When the email was asked for, if that was before: it is judged again. Epoch milliseconds. */
  readonly askedAt?: number;
  /** Whether a person sees the email first, or saw it, where that is known of an email at MultiMail; absent: `live` tells. */
  readonly held?: boolean;
  readonly team: string;
  readonly assistant: string;
  /** Who asks the assistant; absent: nobody knows. */
  readonly person?: Person;
  /** Whether the assistant's own key came with the call; absent: it did. */
  readonly isProven?: boolean;
  /** The mailbox as MultiMail last showed it; absent: never seen. */
  readonly live?: LiveMailbox;
  /** Why the mailbox was stopped, free of personal data; absent: it was not, or a person cleared it. */
  readonly stopped?: string;
  /** For a reply: the email replied to, or why it could not be had. */
  readonly original?: OriginalEmail;
  /** How many emails count against each limit already; absent: none. */
  readonly usage?: readonly LimitUsage[];
  /** Recent emails of this and other teams' assistants to the same recipients. */
  readonly recent?: readonly RecentEmail[];
  /** `Address.base` of those recipients of this email to whom email of the team left, or who wrote to it. */
  readonly knownContacts?: ReadonlySet<string>;
  /**
   * When anybody of the team first read mail from outside within `after_outside_mail.window`; epoch milliseconds. Absent:
   * nobody did.
   */
  readonly outsideMailReadAt?: number;
  /** `Address.base` of those recipients of this email to whom email of the team had left by `outsideMailReadAt`. */
  readonly writtenBefore?: ReadonlySet<string>;
  /** What this email's text and files were found to say; absent: `decide` looks itself, and reads no documents. */
  readonly inspection?: Inspection;
}

/**
 * What looking through an email's text and files came to, done ahead of the decision where it can be stopped: documents
 * are read, and nobody else waits meanwhile.
 */
export type Inspection =
  | {
      readonly ok: true;
      /** What `scan` found with the detectors of `scanOrder`. */
      readonly hits: readonly ContentHit[];
      /** By attachment. */
      readonly files: readonly AttachmentJudgement[];
    }
  /** It took too long or broke: nobody knows what the email says, so nothing of it is fit to be sent. */
  | { readonly ok: false; readonly message: string };

/** A mailbox's live state at MultiMail. */
export interface LiveMailbox {
  readonly oversight: OversightMode | string;
  /** MultiMail's allowlist; an entry that is no pattern of ours stays text, and is drift. */
  readonly allowlist: readonly (AddressPattern | string)[];
  readonly autoCc?: string;
  readonly autoBcc?: string;
  readonly active: boolean;
  /** As MultiMail shows it; absent: it did not. */
  readonly address?: string;
  /** Inbound email is forwarded to somebody; absent: MultiMail did not say. */
  readonly forwardsInbound?: boolean;
  /** MultiMail lets the whole account send nothing; absent: it did not say. */
  readonly sendingDisabled?: boolean;
  /** When MultiMail said so; epoch milliseconds. */
  readonly seenAt: number;
}

/** The email that a reply answers. */
export type OriginalEmail =
  | {
      readonly ok: true;
      /** Sender, To and Cc, in that order. */
      readonly participants: readonly { readonly text: string; readonly parsed: AddressResult }[];
      /** MultiMail's status: `isFitToAnswer` says whether it may be answered. */
      readonly status: string;
      /** It is the mailbox's own outbound email; absent: it is not, or nobody knows. */
      readonly isOwn?: boolean;
      /** MultiMail says when it was delivered, or came back. */
      readonly hasLeft?: boolean;
      readonly subject: string;
    }
  | { readonly ok: false; readonly message: string };

/** How much of one limit is used in its window. */
export interface LimitUsage {
  readonly limit: "per_assistant" | "per_recipient" | "per_domain" | "per_user" | "team";
  /** For `per_recipient`: the recipient's `Address.base`. */
  readonly recipient?: string;
  /** For `per_domain`: the `Address.domain`. */
  readonly domain?: string;
  readonly windowMs: number;
  readonly used: number;
}

/** An email that left, or was held, a short while ago. */
export interface RecentEmail {
  readonly receipt: string;
  readonly team: string;
  readonly assistant: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** `Address.base` of each. */
  readonly recipients: readonly string[];
  /** Of subject and body; absent for another team's email: only addresses are compared. */
  readonly fingerprint?: readonly number[];
  /** How alike it was found to be to this email, from 0 to 1, when it was judged before; absent: `fingerprint` tells. */
  readonly alike?: number;
}
