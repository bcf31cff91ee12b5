import { keyPrefix } from "@countersign/core/policy";
import {
  hashAssistantKey,
  loadTeams,
  parseEnv,
  readAssistantKeys,
  removeAssistantKey,
} from "@countersign/host";
import { Command } from "commander";
import { changeKeys } from "../keys/change_keys.ts";
import { findAssistant, parseTeamAssistant } from "../policy/find_assistant.ts";
import { problemsError } from "../policy/require_policies.ts";
import { hint } from "../terminal/talk.ts";

interface RevokeFlags {
  readonly all?: boolean;
  readonly json?: boolean;
}

/** `countersign keys revoke team/assistant <hash>`: takes a key's hash out of the team's file. */
export function keysRevokeCommand(): Command {
  return new Command("revoke")
    .description("Takes a key's hash out of the team's file, so that the key opens nothing any more.")
    .argument("<team/assistant>", "whose", parseTeamAssistant)
    .argument("[hash]", "the beginning of the key's hash, as `keys list` shows it")
    .option("--all", "every key of the assistant")
    .option("--json", 'print {"revoked": […], "left": …, "record": …}')
    .addHelpText("after", EXAMPLES)
    .action(async (name: string, prefix: string | undefined, flags: RevokeFlags, command: Command) => {
      if ((prefix === undefined) === (flags.all !== true))
        command.error("error: either the beginning of a hash or --all is needed");
      const { team, id, keys, problems } = await keysOf(name);
      const hashes = prefix === undefined ? keys : [chooseKey(name, keys, prefix)];
      if (hashes.length === 0) throw new Error(`Cannot revoke a key of ${name}: it has none`);
      const record = await changeKeys(
        { team, assistant: id },
        {
          change: "revoked",
          alone: problems > 0,
          hashes,
          edit: (text) => hashes.reduce((rest, hash) => removeAssistantKey(rest, id, hash), text),
        },
      );
      if (problems > 0) console.error(OTHER_PROBLEMS);
      const left = keys.length - hashes.length;
      if (flags.json) {
        console.log(JSON.stringify({ revoked: hashes.map(keyPrefix), left, record }));
        return;
      }
      console.log(
        `Revoked ${hashes.map(keyPrefix).join(" and ")} of ${name}, which has ${left || "no"} key left`,
      );
      // What is not on record is no hint.
      (process.exitCode ? console.error : hint)(record);
    });
}

const OTHER_PROBLEMS =
  'The policies have problems, so nothing new comes in force; the revoked key ends all the same. See "countersign check"';

const EXAMPLES = `
A gateway that serves these policies takes it over when it reloads them, also while other files have problems.

Examples:
  $ countersign keys list finance/invoice-chaser
  $ countersign keys revoke finance/invoice-chaser sha256:9f86d081884c
  $ countersign keys revoke finance/invoice-chaser --all`;

/** Whose keys, as the folder's policies have them; while these have problems, as the team's own file does. */
async function keysOf(name: string) {
  const { teamsDir } = parseEnv(process.env, ["teamsDir"]);
  const loaded = await loadTeams(teamsDir);
  if (loaded.ok) {
    const { policy, assistant } = findAssistant(loaded.policies, name);
    return { team: policy.team, id: assistant.id, keys: assistant.keys, problems: 0 };
  }
  const [team = "", id = ""] = name.split("/", 2);
  const keys = await readAssistantKeys(teamsDir, team, id);
  if (keys === undefined) throw problemsError(teamsDir, loaded.problems);
  return { team, id, keys, problems: loaded.problems.length };
}

/** The one key whose hash begins so. */
function chooseKey(name: string, keys: readonly string[], prefix: string): string {
  // Somebody pastes the key itself: its hash helps, and the key is not shown again.
  if (prefix.startsWith("csk_"))
    throw new Error(
      `Cannot revoke by the key itself: its hash begins with ${keyPrefix(hashAssistantKey(prefix))}`,
    );
  const wanted = prefix.toLowerCase().replace(/^sha256:/, "");
  const found = keys.filter((hash) => hash.startsWith(`sha256:${wanted}`));
  const [only] = found;
  if (/^[0-9a-f]{4,64}$/.test(wanted) && only !== undefined && found.length === 1) return only;
  const known = keys.length === 0 ? "it has none" : `it has ${keys.map(keyPrefix).join(" and ")}`;
  throw new Error(
    found.length > 1
      ? `Cannot revoke a key of ${name}: several begin so, ${known}`
      : `Cannot revoke a key of ${name}: none begins with at least 4 digits of that hash, ${known}`,
  );
}
