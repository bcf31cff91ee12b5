import type { PolicySet } from "@countersign/core/policy";
import { keyPrefix } from "@countersign/core/policy";
import { Command } from "commander";
import { findAssistant, findTeam } from "../policy/find_assistant.ts";
import { requirePolicies } from "../policy/require_policies.ts";
import { formatTable } from "../terminal/format_table.ts";

/** `countersign keys list [team[/assistant]]`: who has keys, told by the beginning of their hashes. */
export function keysListCommand(): Command {
  return new Command("list")
    .description("Lists who has keys, older ones first. A key is told by the beginning of its hash.")
    .argument("[team/assistant]", "only this assistant, or this team (default: all)")
    .option("--json", "print one array of {team, assistant, keys}")
    .addHelpText("after", EXAMPLES)
    .action(async (name: string | undefined, { json }: { json?: boolean }, command: Command) => {
      if (name !== undefined && name.split("/").length > 2)
        command.error(`error: '${name}' is neither a team nor team/assistant`);
      const listed = assistantsOf(await requirePolicies(), name);
      if (json) {
        console.log(JSON.stringify(listed));
        return;
      }
      const rows = listed.flatMap(({ team, assistant, keys }) =>
        (keys.length === 0 ? ["no key"] : keys).map((key) => [`${team}/${assistant}`, key]),
      );
      console.log(rows.length === 0 ? "No assistant" : formatTable(rows));
    });
}

const EXAMPLES = `
Examples:
  $ countersign keys list
  $ countersign keys list finance
  $ countersign keys list finance/invoice-chaser`;

function assistantsOf(policies: PolicySet, name: string | undefined) {
  const [team, id] = name?.split("/", 2) ?? [];
  const teams = team === undefined ? [...policies.teams.values()] : [findTeam(policies, team)];
  return teams.flatMap((policy) =>
    (id === undefined
      ? [...policy.assistants.values()]
      : [findAssistant(policies, `${team}/${id}`).assistant]
    ).map((assistant) => ({
      team: policy.team,
      assistant: assistant.id,
      keys: assistant.keys.map(keyPrefix),
    })),
  );
}
