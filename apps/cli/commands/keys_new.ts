import { keyPrefix } from "@countersign/core/policy";
import { addAssistantKey, createAssistantKey } from "@countersign/host";
import { Command } from "commander";
import { changeKeys } from "../keys/change_keys.ts";
import { findAssistant, parseTeamAssistant } from "../policy/find_assistant.ts";
import { requirePolicies } from "../policy/require_policies.ts";
import { hint } from "../terminal/talk.ts";

/** One, or two while rotating. */
const MAX_KEYS = 2;

/** `countersign keys new team/assistant`: prints a new key, once, and writes its hash into the team's file. */
export function keysNewCommand(): Command {
  return new Command("new")
    .description("Prints a new key, once, and writes its hash into the team's file.")
    .argument("<team/assistant>", "who gets it", parseTeamAssistant)
    .option("--json", 'print {"key": …, "hash": …, "record": …}')
    .addHelpText("after", EXAMPLES)
    .action(async (name: string, { json }: { json?: boolean }) => {
      const { policy, assistant } = findAssistant(await requirePolicies(), name);
      const { team } = policy;
      const { id, keys } = assistant;
      if (keys.length >= MAX_KEYS) throw new Error(tooMany(name, keys));
      const { key, hash } = createAssistantKey();
      const record = await changeKeys(
        { team, assistant: id },
        { change: "added", hashes: [hash], edit: (text) => addAssistantKey(text, id, hash) },
      );
      if (json) {
        console.log(JSON.stringify({ key, hash, record }));
        return;
      }
      hint(`New key of ${name}: it is shown this once, its hash is in ${policy.source.file}`);
      console.log(key);
      // What is not on record is no hint.
      (process.exitCode ? console.error : hint)(record);
      if (keys[0] !== undefined)
        hint(`Once it is in use, revoke the old one: countersign keys revoke ${name} ${keyPrefix(keys[0])}`);
    });
}

const EXAMPLES = `
The key alone is on stdout. An assistant has two keys at most, while it changes from one to the other.

Examples:
  $ countersign keys new finance/invoice-chaser
  $ countersign keys new finance/invoice-chaser | vault kv put secret/dust/invoice-chaser key=-`;

/** New keys come last. */
function tooMany(name: string, keys: readonly string[]): string {
  const [older = "", newer = ""] = keys.map(keyPrefix);
  return `Cannot issue a third key of ${name}: revoke the older of its two, "countersign keys revoke ${name} ${older}" (the newer is ${newer})`;
}
