import { useProxies } from "@countersign/multimail";
import { Command } from "commander";
import { CHECKS } from "../doctor/checks.ts";
import { formatFindings } from "../doctor/format_findings.ts";
import { runChecks } from "../doctor/run_checks.ts";

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
      const text = json ? JSON.stringify({ ok, findings }) : formatFindings(findings);
      // What still looks must not keep the process: whatever it finds comes too late.
      process.stdout.write(`${text}\n`, () => late && process.exit());
    });
}

const EXAMPLES = `
Nothing is changed, and no key or secret is shown. Exits 0 when there is no problem, 1 otherwise.

Examples:
  $ countersign doctor
  $ countersign doctor --json | jq '.findings[] | select(.level != "ok")'`;
