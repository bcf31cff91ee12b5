import type { AssistantPolicy, TeamPolicy } from "../policy/mod.ts";
import type { LintFinding, LintInput, LintRule } from "./lint_rule.ts";

/** A rule's `find` that looks at one team after the other. */
export function inEachTeam(
  find: (policy: TeamPolicy, input: LintInput) => readonly LintFinding[],
): LintRule["find"] {
  return (input) => [...input.policies.teams.values()].flatMap((policy) => find(policy, input));
}

/** The team's assistants, each with its path in the team's file. */
export function assistantsOf({
  assistants,
}: TeamPolicy): readonly { readonly assistant: AssistantPolicy; readonly path: string }[] {
  return [...assistants.values()].map((assistant, index) => ({ assistant, path: `assistants[${index}]` }));
}
