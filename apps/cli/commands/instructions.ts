import { assistantInstructions } from "@countersign/core/instructions";
import { Command } from "commander";
import { findAssistant, parseTeamAssistant } from "../policy/find_assistant.ts";
import { requirePolicies } from "../policy/require_policies.ts";

/** `countersign instructions team/assistant`: the text for the assistant's instructions in Dust. */
export function instructionsCommand(): Command {
  return new Command("instructions")
    .description(
      "Prints the text for an assistant's instructions in Dust: what its policy says, and how to speak of it.",
    )
    .argument("<team/assistant>", "whose", parseTeamAssistant)
    .option("--json", 'print {"instructions": "…"}')
    .addHelpText("after", EXAMPLES)
    .action(async (name: string, { json }: { json?: boolean }) => {
      const { policy, assistant } = findAssistant(await requirePolicies(), name);
      const instructions = assistantInstructions(policy, assistant);
      console.log(json ? JSON.stringify({ instructions }) : instructions);
    });
}

const EXAMPLES = `
Paste it into the assistant's instructions, and again when its policy changes.

Examples:
  $ countersign instructions finance/invoice-chaser
  $ countersign instructions finance/invoice-chaser | pbcopy`;
