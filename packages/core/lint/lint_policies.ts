import { shownFile, suggest } from "../policy/mod.ts";
import { ignoredLines } from "./_ignored_lines.ts";
import type { LintFinding, LintInput } from "./lint_rule.ts";
import { LINT_RULES, type LintRuleName } from "./lint_rules.ts";

/** A finding, and which rule found it; `ignore`: a comment that silences rules names none. */
export interface LintedFinding extends LintFinding {
  readonly rule: LintRuleName | "ignore";
}

/**
 * What is legal in policies and their tests, and surely not meant, sorted by place, but what a comment says is meant:
 * `# lint: ignore missing_key`.
 */
export function lintPolicies(input: LintInput): readonly LintedFinding[] {
  const comments = new Map(textsOf(input).map(({ file, text }) => [file, ignoredLines(file, text)]));
  const found = (Object.keys(LINT_RULES) as LintRuleName[]).flatMap((rule) =>
    LINT_RULES[rule]
      .find(input)
      .filter(({ where }) => comments.get(where.file)?.ignores(where.line, rule) !== true)
      .map((finding): LintedFinding => ({ ...finding, rule })),
  );
  const unknown = [...comments.values()].flatMap((one) =>
    one.unknown.map(({ name, where }): LintedFinding => {
      const near = suggest(name, Object.keys(LINT_RULES));
      const hint = near === undefined ? "lint has no such rule" : `did you mean "${near}"?`;
      return { where, path: "", message: `Unknown rule "${name}" in a comment: ${hint}`, rule: "ignore" };
    }),
  );
  // What several teams take over from the organisation is said once.
  const all = new Map(
    [...found, ...unknown].map((one) => [JSON.stringify([one.where, one.rule, one.message]), one]),
  );
  return [...all.values()].sort(byPlace);
}

function textsOf({
  policies,
  tests,
}: LintInput): readonly { readonly file: string; readonly text: string }[] {
  return [...policies.files.map(({ name, text }) => ({ file: shownFile(policies, name), text })), ...tests];
}

function byPlace({ where: a }: LintedFinding, { where: b }: LintedFinding): number {
  return (a.file < b.file ? -1 : Number(a.file > b.file)) || a.line - b.line || a.column - b.column;
}
