import type { Action } from "../action/mod.ts";
import type { AssistantPolicy, RuleName, TeamPolicy } from "../policy/mod.ts";
import type { Context } from "./context.ts";
import type { Finding, JudgedRecipient } from "./decision.ts";
import type { DraftScan } from "./scan_draft.ts";

/** One rule: what the policy says about one aspect of an action. Pure; it may throw, which denies. */
export interface Rule {
  /** As policies and answers call it. */
  readonly name: RuleName;
  /** What it has to say; nothing when the action is fine or none of its business. */
  readonly evaluate: (input: RuleInput) => readonly RuleFinding[];
}

/** A finding before its rule's name is added. */
export type RuleFinding = Omit<Finding, "rule">;

/** Everything that a rule may look at. */
export interface RuleInput {
  readonly policy: TeamPolicy;
  readonly assistant: AssistantPolicy;
  readonly action: Action;
  readonly context: Context;
  /** Everybody whom the email would reach; empty when the action is no email. */
  readonly recipients: readonly JudgedRecipient[];
  /** MultiMail will hold the email for a person. */
  readonly held: boolean;
  /** What the content detectors find in the email; scanned when a rule first asks. */
  readonly scanned: () => DraftScan;
}
