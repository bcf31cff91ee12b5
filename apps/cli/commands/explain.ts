import { explainPolicy } from "@countersign/core/explain";
import { formatWhere } from "@countersign/core/policy";
import { Command } from "commander";
import { findAssistant, findTeam } from "../policy/find_assistant.ts";
import { requirePolicies } from "../policy/require_policies.ts";
import { printable } from "../terminal/printable.ts";

/** `countersign explain <team> [assistant]`: the effective policy in plain sentences, each with its line. */
export function explainCommand(): Command {
  return new Command("explain")
    .description(
      "Says in plain sentences what a team, or one of its assistants, may do; each with file:line.",
    )
    .argument("<team>", "a team, or team/assistant")
    .argument("[assistant]", "only what concerns this assistant")
    .option("--json", "print one array of {text, where}")
    .addHelpText("after", EXAMPLES)
    .action(async (name: string, id: string | undefined, { json }: { json?: boolean }, command: Command) => {
      const [team = "", named = id, ...more] = name.split("/");
      if (more.length > 0 || (id !== undefined && name.includes("/")))
        command.error("error: one team and at most one of its assistants are explained");
      const policies = await requirePolicies();
      const policy = findTeam(policies, team);
      const assistant =
        named === undefined ? undefined : findAssistant(policies, `${team}/${named}`).assistant;
      const sentences = explainPolicy(policy, {
        now: Date.now(),
        ...(assistant !== undefined && { assistant }),
        ...policies.organisation,
      }).map(({ text, where }) => ({ text, where: formatWhere(where) }));
      if (json) {
        console.log(JSON.stringify(sentences));
        return;
      }
      const width = Math.max(...sentences.map(({ where }) => where.length));
      console.log(
        sentences.map(({ text, where }) => printable(`${where.padEnd(width)}  ${text}`)).join("\n"),
      );
    });
}

const EXAMPLES = `
Examples:
  $ countersign explain finance
  $ countersign explain finance/invoice-chaser`;
