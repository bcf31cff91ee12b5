import type { Where } from "../policy/mod.ts";
import { isLintRuleName, type LintRuleName } from "./lint_rules.ts";

/** What comments of one file want to be silent. */
export interface IgnoredLines {
  readonly ignores: (line: number, rule: LintRuleName) => boolean;
  /** Names in such comments that no rule has. */
  readonly unknown: readonly { readonly name: string; readonly where: Where }[];
}

/** `# lint: ignore missing_key, unused_name (why)`: at the line that it is about, or on a line of its own above. */
const COMMENT = /(^|\s)#\s*lint:\s*ignore\s+([a-z_]+(?:\s*,\s*[a-z_]+)*)/;

/** Reads the comments of a file that silence rules. */
export function ignoredLines(file: string, text: string): IgnoredLines {
  const rules = new Map<number, Set<string>>();
  const unknown: { name: string; where: Where }[] = [];
  text.split("\n").forEach((line, index) => {
    const found = COMMENT.exec(line);
    if (found === null) return;
    const about = line.trimStart().startsWith("#") ? index + 2 : index + 1;
    for (const name of (found[2] ?? "").split(",").map((one) => one.trim())) {
      const where = { file, line: index + 1, column: line.indexOf(name, found.index) + 1 };
      if (isLintRuleName(name)) rules.set(about, (rules.get(about) ?? new Set()).add(name));
      else unknown.push({ name, where });
    }
  });
  return { ignores: (line, rule) => rules.get(line)?.has(rule) === true, unknown };
}
