import type { Action } from "../action/mod.ts";
import { type Decision, decide } from "../decision/mod.ts";
import type { AssistantRef, PolicySet } from "../policy/mod.ts";
import type { Scenario } from "./scenario.ts";
import { scenarioActions } from "./scenario_actions.ts";
import { scenarioContext } from "./scenario_context.ts";

/** One action of a scenario, and what is decided about it. */
export interface PlayedAction {
  readonly action: Action;
  readonly decision: Decision;
}

/**
 * What would be decided, action by action, by the same `decide` that the gateway calls. Nothing is sent.
 *
 * @throws {RangeError} when the scenario does not ask for exactly one thing
 */
export function playScenario(
  policies: PolicySet,
  caller: AssistantRef,
  scenario: Scenario,
  { now }: { readonly now: number },
): readonly PlayedAction[] {
  const policy = policies.teams.get(caller.team);
  return scenarioActions(scenario).map((action) => {
    const context =
      policy === undefined
        ? { ...caller, now }
        : scenarioContext(policy, caller, action, { now, given: scenario.given });
    return { action, decision: decide(policies, action, context) };
  });
}

/** `assistant` or `team/assistant`. */
export function parseCaller(text: string, team: string): AssistantRef {
  const [assistant = "", named = team] = text.split("/").reverse();
  return { team: named, assistant };
}
