import { formatProblem } from "@countersign/core/policy";
import { loadTeams, parseEnv } from "@countersign/host";
import { Command } from "commander";

/** `countersign check [dir]`: every problem in every policy. Exits 0 when there is none, 1 otherwise. */
export function checkCommand(): Command {
  return new Command("check")
    .description("check every policy and show every problem as file:line:col: message (path)")
    .argument("[dir]", "folder of team files (default: TEAMS_DIR)")
    .option("--json", "print one JSON value")
    .action(async (dir: string | undefined, { json }: { json?: boolean }) => {
      const folder = dir ?? parseEnv(process.env).teamsDir;
      const result = await loadTeams(folder);
      const problems = result.ok ? [] : result.problems;
      if (json) {
        const list = problems.map(({ where, path, message }) => ({ ...where, path, message }));
        console.log(JSON.stringify({ ok: result.ok, problems: list }));
      } else if (result.ok) {
        console.log(`${result.policies.teams.size} teams, no problem`);
      } else {
        for (const problem of problems) console.log(formatProblem(problem));
        console.error(`${problems.length} ${problems.length === 1 ? "problem" : "problems"}`);
      }
      process.exitCode = result.ok ? 0 : 1;
    });
}
