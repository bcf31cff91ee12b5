import type { Diagnosis } from "../plan/diagnosis.ts";
import { printable } from "../terminal/printable.ts";

const LEVELS: readonly Diagnosis["level"][] = ["ok", "warning", "problem"];

/** Findings for people: a line each, below it what to do, and how many there are of each level. */
export function formatFindings(findings: readonly Diagnosis[]): string {
  const lines = findings.flatMap(({ what, level, message, todo }) => [
    `${level.padEnd(8)} ${what}: ${message}`,
    ...(todo === undefined ? [] : [`         → ${todo}`]),
  ]);
  const counts = LEVELS.map((level) => {
    const count = findings.filter((finding) => finding.level === level).length;
    return `${count} ${level === "ok" || count === 1 ? level : `${level}s`}`;
  });
  return [...lines, counts.join(", ")].map(printable).join("\n");
}
