import type { AssistantRef } from "@countersign/core/policy";
import { changeTeamFile, changeTeamFileAlone, parseEnv } from "@countersign/host";
import { problemsError } from "../policy/require_policies.ts";
import { type KeyChange, KeyRecorder } from "./key_recorder.ts";

/** How to change an assistant's keys. */
export interface ChangeKeysOptions extends Pick<KeyChange, "change" | "hashes"> {
  /** Makes the team file's new text from the old one. */
  readonly edit: (text: string) => string;
  /** Whatever else is wrong in the folder; only for what takes rights away. */
  readonly alone?: boolean;
}

/**
 * Changes an assistant's keys in its team's file in `TEAMS_DIR`, and puts it on record in the trail in `DATABASE_URL` or
 * `DATA_DIR`, if there is one. Returns a sentence that says whether it is on record.
 *
 * @throws {Error} when nothing was changed
 */
export async function changeKeys(
  { team, assistant }: AssistantRef,
  { change, hashes, edit, alone = false }: ChangeKeysOptions,
): Promise<string> {
  const { teamsDir, ...place } = parseEnv(process.env, ["teamsDir", "dataDir", "databaseUrl"]);
  const recorder = await KeyRecorder.open(place, change);
  try {
    if (alone) {
      const policy = await changeTeamFileAlone(teamsDir, team, edit);
      return await recorder.record({ team, assistant, change, hashes, policy });
    }
    const result = await changeTeamFile(teamsDir, team, edit);
    if (!result.ok) throw problemsError(teamsDir, result.problems);
    return await recorder.record({ team, assistant, change, hashes, policy: result.policies.hash });
  } finally {
    await recorder.close();
  }
}
