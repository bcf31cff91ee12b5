import { printable } from "../terminal/printable.ts";
import { type Difference, NEEDS_CODE } from "./difference.ts";
import type { Plan } from "./make_plan.ts";

/** A plan for people: team by team, then what else they should know. */
export function formatPlan({ differences, findings, errors }: Plan): string {
  const groups = new Map<string, string[]>();
  const add = (team: string | null, line: string) => {
    const name = team ?? "the account";
    groups.set(name, [...(groups.get(name) ?? []), line]);
  };
  for (const difference of differences) add(difference.team, `  ${formatDifference(difference)}`);
  for (const { team, message } of errors) add(team, `  ? not compared: ${message}`);
  const lines = [...groups].flatMap(([team, list]) => [team, ...list]);
  for (const { what, level, message, todo } of findings) {
    if (level !== "ok") lines.push(`${level}: ${what}: ${message}${todo === undefined ? "" : `. ${todo}`}`);
  }
  return [...lines, summaryOf({ differences, errors })].map(printable).join("\n");
}

/** One difference in a line: `~ oversight: autonomous, declared gated_all (stricter) teams/finance.yaml:7:1`. */
export function formatDifference({
  setting,
  declared,
  live,
  effect,
  where,
  todo,
  change,
}: Difference): string {
  const [mark, what] =
    live === null
      ? ["+", `${declared} is missing at MultiMail`]
      : declared === null
        ? ["-", `${live} at MultiMail, not declared`]
        : ["~", `${live} at MultiMail, declared ${declared}`];
  const how =
    change === undefined ? `by hand: ${todo}` : `${effect}${NEEDS_CODE[change.kind] ? ", with a code" : ""}`;
  return `${change === undefined ? "!" : mark} ${setting}: ${what} (${how})${where === null ? "" : `  ${where}`}`;
}

function summaryOf({ differences, errors }: Pick<Plan, "differences" | "errors">): string {
  if (differences.length === 0) {
    return errors.length === 0 ? "MultiMail is as it is declared" : "Not everything could be compared";
  }
  const parts = [
    ["stricter", "to make stricter"],
    ["looser", "to make looser"],
    ["by_hand", "to change by hand"],
  ].flatMap(([effect, words]) => {
    const count = differences.filter((difference) => difference.effect === effect).length;
    return count === 0 ? [] : [`${count} ${words}`];
  });
  const count = differences.length === 1 ? "1 difference" : `${differences.length} differences`;
  return `${count}: ${parts.join(", ")}; "countersign apply" makes what it can`;
}

/** A plan as JSON. */
export function planJson({ differences, findings, errors }: Plan): Record<string, unknown> {
  return {
    in_step: differences.length === 0 && errors.length === 0,
    differences: differences.map(differenceJson),
    findings,
    errors,
  };
}

/** A difference as JSON. */
export function differenceJson({ change, todo, ...difference }: Difference): Record<string, unknown> {
  return {
    ...difference,
    needs_code: change !== undefined && NEEDS_CODE[change.kind],
    todo: todo ?? null,
  };
}

/** Exit code of a plan: 0 in step, 2 drift, 1 when something could not be compared. */
export function planExitCode({ differences, errors }: Pick<Plan, "differences" | "errors">): 0 | 1 | 2 {
  if (errors.length > 0) return 1;
  return differences.length === 0 ? 0 : 2;
}
