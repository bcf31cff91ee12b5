import type { Account } from "./account.ts";

/** What somebody decides. `changes` rejects too, and asks for another email. */
export type Verdict = "approve" | "reject" | "changes";

/** Somebody who may decide, and how they signed in; what a `link` proves is only that somebody may print links. */
export interface Decider extends Account {
  readonly auth: "oidc" | "link";
}

/** A decision that somebody made on an email. */
export interface GivenDecision {
  readonly verdict: Verdict;
  readonly by: Decider;
  /** Epoch milliseconds. */
  readonly at: number;
}
