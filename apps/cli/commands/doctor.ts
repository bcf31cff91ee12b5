import { useProxies } from "@countersign/multimail";
import { Command } from "commander";
import { CHECKS } from "../doctor/checks.ts";
import { runChecks } from "../doctor/run_checks.ts";
import type { Diagnosis } from "../plan/diagnosis.ts";
import { printable } from "../terminal/printable.ts";
import { isQuiet, paint, type Tone } from "../terminal/talk.ts";

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

const TONES: Readonly<Record<Diagnosis["level"], Tone>> = { ok: "good", warning: "careful", problem: "bad" };
const LEVELS = ["ok", "warning", "problem"] as const;

/** Findings for people: a line each, below it what to do, and how many there are of each level. */
function formatDiagnoses(findings: readonly Diagnosis[]): string {
  const told = isQuiet() ? findings.filter(({ level }) => level !== "ok") : findings;
  const lines = told.flatMap(({ what, level, message, todo }) => [
    `${paint(TONES[level], level.padEnd(8))} ${printable(`${what}: ${message}`)}`,
    ...(todo === undefined ? [] : [`         → ${printable(todo)}`]),
  ]);
  const counts = LEVELS.map((level) => {
    const count = findings.filter((finding) => finding.level === level).length;
    return `${count} ${level === "ok" || count === 1 ? level : `${level}s`}`;
  });
  return [...lines, counts.join(", ")].join("\n");
}
