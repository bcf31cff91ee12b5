import { ORGANISATION_FILE } from "./check/check_file_name.ts";
import type { PolicyProblem } from "./policy_problem.ts";
import type { PolicySet } from "./policy_set.ts";
import { shownFile } from "./shown_file.ts";

/**
 * What is wrong when the organisation's file was there `before` and is gone: it bounds every team, so that without it all of
 * them would be looser in one go, most likely by mistake. Undefined: it is there, or never was.
 */
export function lostOrganisation(before: PolicySet, after: PolicySet): PolicyProblem | undefined {
  const has = ({ files }: PolicySet) => files.some(({ name }) => name === ORGANISATION_FILE);
  if (!has(before) || has(after) || before.teams.size === 0) return undefined;
  return {
    where: { file: shownFile(before, ORGANISATION_FILE), line: 1, column: 1 },
    path: "",
    message:
      "File is gone, and every team relies on its bounds: put it back, or start the gateway without it",
  };
}
