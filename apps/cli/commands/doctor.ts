import { useProxies } from "@countersign/multimail";
import { Command } from "commander";
import { CHECKS } from "../doctor/checks.ts";
import { runChecks } from "../doctor/run_checks.ts";
import type { Diagnosis } from "../plan/diagnosis.ts";
import { printable } from "../terminal/printable.ts";

/** `countersign doctor`: looks at everything that the gateway needs. Exits 0 when there is no problem, 1 otherwise. */
export function doctorCommand(): Command {
  return new Command("doctor")
    .description("Looks at everything that the gateway needs, and says what to do about what is wrong.")
    .option("--json", 'print {"ok": …, "findings": […]}')
    .addHelpText("after", EXAMPLES)
    .action(async ({ json }: { json?: boolean }) => {
      useProxies(process.env);
      const { findings, late } = await runChecks(CHECKS, process.env);
      const ok = findings.every(({ level }) => level !== "problem");
      process.exitCode = ok ? 0 : 1;
      const text = json ? JSON.stringify({ ok, findings }) : formatDiagnoses(findings);
      // What still looks must not keep the process: whatever it finds comes too late.
      process.stdout.write(`${text}\n`, () => late && process.exit());
    });
}

const EXAMPLES = `
Nothing is changed, and no key or secret is shown. Exits 0 when there is no problem, 1 otherwise.

Examples:
  $ countersign doctor
  $ countersign doctor --json | jq '.findings[] | select(.level != "ok")'`;

const LEVELS: readonly Diagnosis["level"][] = ["ok", "warning", "problem"];

/** Findings for people: a line each, below it what to do, and how many there are of each level. */
function formatDiagnoses(findings: readonly Diagnosis[]): string {
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
