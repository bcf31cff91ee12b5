import { type AssistantPolicy, type PolicySet, suggest, type TeamPolicy } from "@countersign/core/policy";
import { InvalidArgumentError } from "commander";
import { printable } from "../terminal/printable.ts";
import { UsageError } from "../terminal/usage_error.ts";

/**
 * The team of that name.
 *
 * @throws {UsageError} that suggests the nearest name
 */
export function findTeam(policies: PolicySet, team: string): TeamPolicy {
  return find("team", team, policies.teams);
}

/**
 * The assistant that `team/assistant` names.
 *
 * @throws {UsageError} that suggests the nearest name
 */
export function findAssistant(
  policies: PolicySet,
  name: string,
): { readonly policy: TeamPolicy; readonly assistant: AssistantPolicy } {
  const [team = "", id = ""] = name.split("/", 2);
  const policy = findTeam(policies, team);
  return { policy, assistant: find(`assistant of team ${team}`, id, policy.assistants) };
}

function find<T>(what: string, name: string, known: ReadonlyMap<string, T>): T {
  const found = known.get(name);
  if (found !== undefined) return found;
  const near = suggest(name, [...known.keys()]);
  const hint =
    near === undefined ? `known are ${[...known.keys()].join(", ") || "none"}` : `did you mean "${near}"?`;
  throw new UsageError(printable(`Unknown ${what} "${name}": ${hint}`));
}

/**
 * Takes a command's `team/assistant` as it is.
 *
 * @throws {InvalidArgumentError} when it has another form
 */
export function parseTeamAssistant(text: string): string {
  if (!/^[^/\s]+\/[^/\s]+$/.test(text)) {
    throw new InvalidArgumentError(
      "A team and one of its assistants are needed, like finance/invoice-chaser",
    );
  }
  return text;
}
