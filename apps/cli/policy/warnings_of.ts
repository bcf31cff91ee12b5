import { warnComposed } from "@countersign/core/decision";
import type { PolicyLoadResult, PolicyProblem } from "@countersign/core/policy";

/** What is allowed in policies without problems and probably not meant, sorted by place; content rules are asked too. */
export function warningsOf({
  policies,
  warnings = [],
}: Extract<PolicyLoadResult, { ok: true }>): readonly PolicyProblem[] {
  return [...warnings, ...warnComposed(policies)].sort(
    ({ where: a }, { where: b }) =>
      (a.file < b.file ? -1 : Number(a.file > b.file)) || a.line - b.line || a.column - b.column,
  );
}
