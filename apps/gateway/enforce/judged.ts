import type { Decision, LimitCounter } from "@countersign/core/decision";
import type { TeamPolicy } from "@countersign/core/policy";
import type { MultiMailError } from "@countersign/multimail";
import type { IntentFacts } from "@countersign/trail";
import type { Call } from "./call.ts";

/** A call and what was decided about it. */
export interface Judged {
  readonly call: Call;
  readonly decision: Decision;
  /** What the decision went by besides the request; absent: too much to be kept. */
  readonly facts?: IntentFacts;
  readonly receipt: string;
  /** The team's policy; undefined when the policies in force do not know the team. */
  readonly policy: TeamPolicy | undefined;
  /** The limits that an email counts against, if it is allowed. */
  readonly counters: readonly LimitCounter[];
  /** Of a reply: the subject of the email that it answers, if MultiMail showed it. */
  readonly originalSubject?: string;
  /** The id of what the call is about, if it is one that the trail or MultiMail knows; absent: the caller may have made it up. */
  readonly known?: string;
  /** The receipt of the email that this one replaces, once it is known to be one that it may. */
  readonly revises?: string;
  /** Why MultiMail did not show the email that is replied to, when it may well show it later. */
  readonly unshown?: MultiMailError;
}

/** A call of a team that has a policy. */
export interface JudgedByPolicy extends Judged {
  readonly policy: TeamPolicy;
}
