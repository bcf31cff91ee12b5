import type { PolicyProblem } from "../policy_problem.ts";
import type { PolicyDocument } from "../read/policy_document.ts";
import { patternSize } from "../values/check_pattern.ts";
import { type Entry, entriesAt } from "./_entries_at.ts";

/** Patterns of a policy, the organisation's included. */
const MAX_PATTERNS = 100;
/**
 * Steps of the programs that they compile to, together: "(?i)project\s+falcon" has 17, "\d{16}" 17. So many take some
 * hundredths of a second over the longest body (262,144 characters), and seconds when each of them is as bad as can be.
 */
const MAX_STEPS = 2_000;

/** Where they are; what `require` has there may be a map with one in it. */
const PATTERNS = [
  "content.block[].pattern",
  "content.flag[].pattern",
  "approval.classes[].when.content[].pattern",
  "require.subject",
  "require.subject.pattern",
  "require.body",
  "require.body.pattern",
];

interface Budget {
  readonly patterns: number;
  readonly steps: number;
}

const NONE: Budget = { patterns: 0, steps: 0 };

/**
 * Patterns are read over every email while others wait: there is a budget for their number and their size. What goes
 * beyond it is named where it does, in the organisation's file, or in the team's whose patterns come to the organisation's.
 */
export function checkPatterns(
  document: PolicyDocument,
  organisation: PolicyDocument | undefined,
): readonly PolicyProblem[] {
  const common = organisation === undefined ? NONE : spend(organisation, NONE).budget;
  return spend(document, common).problems;
}

function spend(
  document: PolicyDocument,
  before: Budget,
): { readonly budget: Budget; readonly problems: readonly PolicyProblem[] } {
  const entries = PATTERNS.flatMap((path) => entriesAt(document, path)).filter(
    ({ value }) => typeof value !== "object" || value === null,
  );
  const included = before.patterns === 0 ? "" : `, the organisation's ${before.patterns} included`;
  let { patterns, steps } = before;
  for (const entry of entries) {
    patterns++;
    // What is beyond the number is not compiled any more.
    if (patterns > MAX_PATTERNS) {
      const got = before.patterns + entries.length;
      const message = `Must not be one more pattern: a policy has ${MAX_PATTERNS} at most${included}, got ${got}`;
      return { budget: { patterns, steps }, problems: [problemAt(entry, message)] };
    }
    if (typeof entry.value === "string") steps += patternSize(entry.value);
    if (steps > MAX_STEPS) {
      const message = `Must be shorter or repeat less: a policy's patterns have ${MAX_STEPS} steps at most together${included}, got ${steps} with this one`;
      return { budget: { patterns, steps }, problems: [problemAt(entry, message)] };
    }
  }
  return { budget: { patterns, steps }, problems: [] };
}

function problemAt({ where, path }: Entry, message: string): PolicyProblem {
  return { where, path, message };
}
