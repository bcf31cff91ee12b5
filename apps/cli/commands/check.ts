import { endedDelegations } from "@countersign/core/approval";
import type { PolicyProblem } from "@countersign/core/policy";
import { parseEnv } from "@countersign/host/env";
import { loadManyTeams } from "@countersign/host/many-teams";
import { Command } from "commander";
import { showProblem } from "../policy/show_problem.ts";
import { warningsOf } from "../policy/warnings_of.ts";
import { countOf } from "../terminal/count_of.ts";
import { hint, isQuiet, paint } from "../terminal/talk.ts";

/** `countersign check [dir]`: every problem in every policy. Exits 0 when there is none, 1 otherwise. */
export function checkCommand(): Command {
  return new Command("check")
    .description("Checks every policy, and shows every problem as file:line:col: message (path).")
    .argument("[dir]", "folder of team files (default: TEAMS_DIR)")
    .option("--json", 'print {"ok": …, "problems": […], "warnings": […]}')
    .addHelpText("after", EXAMPLES)
    .action(async (dir: string | undefined, { json }: { json?: boolean }) => {
      const result = await loadManyTeams(dir ?? parseEnv(process.env, ["teamsDir"]).teamsDir);
      const problems = result.ok ? [] : result.problems;
      const warnings = result.ok
        ? [...warningsOf(result), ...endedDelegations(result.policies, Date.now())]
        : [];
      process.exitCode = result.ok ? 0 : 1;
      if (json) {
        console.log(
          JSON.stringify({ ok: result.ok, problems: problems.map(listed), warnings: warnings.map(listed) }),
        );
      } else if (result.ok) {
        const { size } = result.policies.teams;
        for (const { where, path, message } of warnings)
          console.log(showProblem({ where, path, message: `Warning: ${message}` }));
        const warned = warnings.length === 0 ? "" : `, ${countOf(warnings.length, "warning")}`;
        if (!isQuiet()) console.log(paint("good", `${countOf(size, "team")}, no problem${warned}`));
      } else {
        console.log(problems.map(showProblem).join("\n"));
        hint(paint("bad", countOf(problems.length, "problem"), process.stderr));
      }
    });
}

function listed({ where, path, message }: PolicyProblem) {
  return { ...where, path, message };
}

const EXAMPLES = `
Exits 0 when there is no problem, 1 otherwise. A warning is about what is allowed and probably not meant.

Examples:
  $ countersign check
  $ countersign check path/to/teams
  $ countersign check --json | jq -r '.problems[].message'`;
