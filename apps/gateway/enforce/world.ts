import type { PolicySet, TeamPolicy } from "@countersign/core/policy";
import type { Inspector } from "@countersign/documents";
import type { LiveMailboxes } from "@countersign/lifecycle";
import type { Email, MultiMailClient } from "@countersign/multimail";
import type { LifecycleData, Sealed, TrailStore } from "@countersign/trail";
import type { Logger } from "pino";
import type { FailPoint } from "../record/fail_point.ts";
import type { Call } from "./call.ts";
import type { Outcome } from "./outcome.ts";

/** The world that enforcement acts in. */
export interface World {
  /** The policies in force at this moment; a call asks once and ends under what it got. */
  readonly policies: () => PolicySet;
  readonly trail: TrailStore;
  readonly live: LiveMailboxes;
  /** Looks through what email holds, where it can be stopped. */
  readonly inspector: Inspector;
  /** MultiMail with the team's key. */
  readonly clientFor: (policy: TeamPolicy) => MultiMailClient;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly newReceipt: () => string;
  readonly log: Logger;
  readonly metrics: CallCounts;
  /** Receipts whose answer from MultiMail is awaited right now. */
  readonly inFlight: Set<string>;
  /** Called for every email that MultiMail took. */
  readonly onAccepted: (email: AcceptedEmailRef) => void;
  /** Called for every email of which nobody knows whether MultiMail took it. */
  readonly onUnknown: (receipt: string) => void;
  /** Why nothing may leave a mailbox, by its id; undefined: it is not stopped. */
  readonly stopOf: (mailboxId: string) => string | undefined;
  /** What people should look at about a mailbox, by its id, though it stops nothing. Free of personal data. */
  readonly noticesOf: (mailboxId: string) => readonly string[];
  /** Looks at who released a received email, before an assistant is shown its text. */
  readonly noteRelease: (read: ReadEmail) => Promise<void>;
  /**
   * Asks MultiMail what became of a receipt's email, and records what is new. Resolves also when MultiMail does not say.
   */
  readonly look: (receipt: string, learntBy: LearntBy) => Promise<void>;
  /** Passed by on the way; only crash tests have one. */
  readonly failPoint?: (point: FailPoint) => void;
}

/** What is counted on the way. */
export interface CallCounts {
  /** Counts a call and what came of it. */
  readonly call: (call: Call, work: () => Promise<Outcome>) => Promise<Outcome>;
  /** Counts what is new about an email that MultiMail took. */
  readonly happened: (news: Pick<LifecycleData, "event" | "decided_by" | "outside_hours">) => void;
}

/** How it was learnt what became of an email. */
export type LearntBy = LifecycleData["learnt_by"];

/** A received email that an assistant asks to read. */
export interface ReadEmail {
  readonly policy: TeamPolicy;
  readonly email: Email;
  /** Of the call that reads it. */
  readonly receipt: string;
}

/** An email at MultiMail and the call that it comes from. */
export interface AcceptedEmailRef {
  readonly policy: TeamPolicy;
  readonly assistant: string;
  readonly receipt: string;
  readonly emailId: string;
  /** When it is to leave, if later; ISO 8601. */
  readonly sendAt?: string;
  /** What was just sealed with its intent. */
  readonly sealed?: readonly Sealed[];
}
