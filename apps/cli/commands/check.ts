import { formatProblem } from "@countersign/core/policy";
import { loadTeams, parseEnv } from "@countersign/host";
import { Command } from "commander";

/** `countersign check [dir]`: every problem in every policy. Exits 0 when there is none, 1 otherwise. */
export function checkCommand(): Command {
  return new Command("check")
    .description("Checks every policy, and shows every problem as file:line:col: message (path).")
    .argument("[dir]", "folder of team files (default: TEAMS_DIR)")
    .option("--json", 'print {"ok": …, "problems": […]}')
    .addHelpText("after", EXAMPLES)
    .action(async (dir: string | undefined, { json }: { json?: boolean }) => {
      const result = await loadTeams(dir ?? parseEnv(process.env, ["teamsDir"]).teamsDir);
      const problems = result.ok ? [] : result.problems;
      process.exitCode = result.ok ? 0 : 1;
      if (json) {
        const list = problems.map(({ where, path, message }) => ({ ...where, path, message }));
        console.log(JSON.stringify({ ok: result.ok, problems: list }));
      } else if (result.ok) {
        const { size } = result.policies.teams;
        console.log(`${size} ${size === 1 ? "team" : "teams"}, no problem`);
      } else {
        console.log(problems.map(formatProblem).join("\n"));
        console.error(`${problems.length} ${problems.length === 1 ? "problem" : "problems"}`);
      }
    });
}

const EXAMPLES = `
Exits 0 when there is no problem, 1 otherwise.

Examples:
  $ countersign check
  $ countersign check path/to/teams
  $ countersign check --json | jq -r '.problems[].message'`;
