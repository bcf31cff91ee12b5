import { LINT_RULES, lintPolicies } from "@countersign/core/lint";
import { parseEnv } from "@countersign/host/env";
import { Command } from "commander";
import { readPolicyTests } from "../policy/read_policy_tests.ts";
import { requirePolicies } from "../policy/require_policies.ts";
import { showProblem } from "../policy/show_problem.ts";
import { countOf } from "../terminal/count_of.ts";
import { formatTable } from "../terminal/format_table.ts";
import { hint, isQuiet, paint } from "../terminal/talk.ts";

/** `countersign lint [dir]`: what is legal in policies and surely not meant. Exits 0 when there is none, 1 otherwise. */
export function lintCommand(): Command {
  return new Command("lint")
    .description(
      "Shows what is legal in the policies and surely not meant, as file:line:col: message (rule).",
    )
    .argument("[dir]", "folder of team files (default: TEAMS_DIR)")
    .option("--json", 'print {"ok": …, "findings": […]}')
    .option("--rules", "list the rules instead")
    .addHelpText("after", EXAMPLES)
    .action(
      async (
        dir: string | undefined,
        { json, rules }: { readonly json?: boolean; readonly rules?: boolean },
      ) => {
        if (rules) {
          const about = Object.entries(LINT_RULES).map(([rule, one]) => ({ rule, about: one.about }));
          console.log(json ? JSON.stringify(about) : formatTable(about.map((one) => [one.rule, one.about])));
          return;
        }
        const folder = dir ?? parseEnv(process.env, ["teamsDir"]).teamsDir;
        const policies = await requirePolicies(folder);
        const tests = await readPolicyTests(folder, policies);
        const findings = lintPolicies({ policies, tests, now: Date.now() });
        process.exitCode = findings.length === 0 ? 0 : 1;
        if (json) {
          const listed = findings.map(({ where, path, rule, message }) => ({
            ...where,
            path,
            rule,
            message,
          }));
          console.log(JSON.stringify({ ok: findings.length === 0, findings: listed }));
          return;
        }
        for (const { where, message, rule } of findings)
          console.log(showProblem({ where, message, path: rule }));
        if (findings.length > 0) hint(paint("careful", countOf(findings.length, "finding"), process.stderr));
        else if (!isQuiet())
          console.log(paint("good", `${countOf(policies.teams.size, "team")}, nothing found`));
      },
    );
}

const EXAMPLES = `
What is wrong, "countersign check" says. What lint finds and is meant, a comment says at its line, or above it:
"# lint: ignore missing_key (why)".

Exits 0 when nothing is found, 1 otherwise.

Examples:
  $ countersign lint
  $ countersign lint path/to/teams
  $ countersign lint --json | jq -r '.findings[].message'
  $ countersign lint --rules`;
