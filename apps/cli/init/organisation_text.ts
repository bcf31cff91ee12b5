import { schemaLine } from "./schema_line.ts";
import { splitList } from "./split_list.ts";
import type { TeamAnswers } from "./team_answers.ts";
import { yamlList } from "./yaml_text.ts";

/** The text of a first `_organisation.yaml` in `dir`, which the team's file keeps to. */
export function organisationText({ oversight, internal }: TeamAnswers, dir: string): string {
  return `${schemaLine("organisation", dir)}#
# What holds for every team: a team's file may only be stricter.

# Our own people. Nobody else counts as internal, whatever a team writes.
internal: ${yamlList(splitList(internal))}

# The least strict mode that a team may have.
oversight: { most_permissive: ${oversight === "autonomous" ? "autonomous" : "monitored"} }

recipients:
  # Mail to people outside always needs somebody's approval.
  external: require_approval
  # Who must never be written to, by any team.
  deny: []
`;
}
