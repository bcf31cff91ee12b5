import type { PolicySet, Where } from "../policy/mod.ts";
import type { PolicyTests } from "../what_if/mod.ts";

/** Something in a policy that is legal, and surely not meant. */
export interface LintFinding {
  readonly where: Where;
  /** Dotted path of the value in its file: `recipients.allow[2]`; empty for the file as a whole. */
  readonly path: string;
  /** What is so, and what to do. */
  readonly message: string;
  /** What stands there changes no decision: without it, every request is decided the same. */
  readonly isIdle?: true;
}

/** A file of tests, read. */
export interface LintedTests {
  /** As people see it: `teams/finance_test.yaml`. */
  readonly file: string;
  readonly text: string;
  readonly tests: PolicyTests;
}

/** What is looked through. */
export interface LintInput {
  readonly policies: PolicySet;
  readonly tests: readonly LintedTests[];
  /** Epoch milliseconds. */
  readonly now: number;
}

/** One kind of thing that is surely not meant. */
export interface LintRule {
  /** What it is about, in a line. */
  readonly about: string;
  readonly find: (input: LintInput) => readonly LintFinding[];
}
