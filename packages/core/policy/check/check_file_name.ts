import type { PolicyProblem } from "../policy_problem.ts";
import type { PolicyFile } from "../policy_set.ts";
import { suggest } from "../suggest.ts";

/** The organisation's file. */
export const ORGANISATION_FILE = "_organisation.yaml";

/** What is wrong with a file's name: a file that is passed over in silence is a rule that does not hold. */
export function checkFileName({ name, file }: PolicyFile): PolicyProblem | undefined {
  const message = wrongName(name);
  return message === undefined ? undefined : { where: { file, line: 1, column: 1 }, path: "", message };
}

function wrongName(name: string): string | undefined {
  if (name === ORGANISATION_FILE || /^[a-z0-9][a-z0-9-]{0,62}\.yaml$/.test(name)) return undefined;
  if (suggest(name.replace(/\.ya?ml$/i, ".yaml"), [ORGANISATION_FILE]) !== undefined)
    return `Unknown file name: did you mean "${ORGANISATION_FILE}"?`;
  if (/\.yml$/i.test(name)) return 'File name must end in ".yaml": rename it';
  return 'File name must be the team\'s: lower-case letters, digits and hyphens, then ".yaml"';
}
