import { explainPolicy } from "@countersign/core/explain";
import { formatWhere, suggest } from "@countersign/core/policy";
import { parseEnv } from "@countersign/host";
import { Command } from "commander";
import { loadPolicies } from "../load_policies.ts";

/** `countersign explain <team> [assistant]`: the effective policy in plain sentences, each with its line. */
export function explainCommand(): Command {
  return new Command("explain")
    .description("say in plain sentences what a team, or one assistant, may do; each with file:line")
    .argument("<team>")
    .argument("[assistant]")
    .option("--json", "print one JSON value")
    .action(async (team: string, id: string | undefined, { json }: { json?: boolean }) => {
      const policies = await loadPolicies(parseEnv(process.env).teamsDir);
      const policy = find("team", team, policies.teams);
      const assistant = id === undefined ? undefined : find("assistant", id, policy.assistants);
      const sentences = explainPolicy(policy, {
        now: Date.now(),
        ...(assistant !== undefined && { assistant }),
      });
      if (json) {
        console.log(
          JSON.stringify(sentences.map(({ text, where }) => ({ text, where: formatWhere(where) }))),
        );
        return;
      }
      const width = Math.max(...sentences.map(({ where }) => formatWhere(where).length));
      for (const { text, where } of sentences) console.log(`${formatWhere(where).padEnd(width)}  ${text}`);
    });
}

function find<T>(what: string, name: string, known: ReadonlyMap<string, T>): T {
  const found = known.get(name);
  if (found !== undefined) return found;
  const near = suggest(name, [...known.keys()]);
  const hint = near === undefined ? `known: ${[...known.keys()].join(", ")}` : `did you mean "${near}"?`;
  throw new Error(`Unknown ${what} "${name}": ${hint}`);
}
