import type { PolicySet, TeamPolicy } from "@countersign/core/policy";
import type { MultiMailClient } from "@countersign/multimail";
import type { TrailStore } from "@countersign/trail";
import type { Logger } from "pino";
import type { Metrics } from "../operations/metrics.ts";
import type { FailPoint } from "./fail_point.ts";
import type { LiveMailboxes } from "./live_mailboxes.ts";

/** The world that enforcement acts in. */
export interface World {
  /** The policies in force at this moment; a call asks once and ends under what it got. */
  readonly policies: () => PolicySet;
  readonly trail: TrailStore;
  readonly live: LiveMailboxes;
  /** MultiMail with the team's key. */
  readonly clientFor: (policy: TeamPolicy) => MultiMailClient;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly newReceipt: () => string;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Receipts whose answer from MultiMail is awaited right now. */
  readonly inFlight: Set<string>;
  /** Called for every email that MultiMail took. */
  readonly onAccepted: (email: AcceptedEmailRef) => void;
  /** Called for every email of which nobody knows whether MultiMail took it. */
  readonly onUnknown: (receipt: string) => void;
  /** Passed by on the way; only crash tests have one. */
  readonly failPoint?: (point: FailPoint) => void;
}

/** An email at MultiMail and the call that it comes from. */
export interface AcceptedEmailRef {
  readonly policy: TeamPolicy;
  readonly assistant: string;
  readonly receipt: string;
  readonly emailId: string;
}
