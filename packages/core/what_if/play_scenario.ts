import { type Action, isEmailAction } from "../action/mod.ts";
import {
  type Context,
  composeEmail,
  type Decision,
  decide,
  type Inspection,
  type ScanOrder,
  scanOrder,
} from "../decision/mod.ts";
import type { AssistantRef, PolicySet } from "../policy/mod.ts";
import type { Scenario } from "./scenario.ts";
import { scenarioActions } from "./scenario_actions.ts";
import { scenarioContext } from "./scenario_context.ts";

/** One action of a scenario, composed, and what is decided about it. */
export interface PlayedAction {
  readonly action: Action;
  readonly decision: Decision;
}

/** How a scenario is played. */
export interface PlayOptions {
  /** Epoch milliseconds. */
  readonly now: number;
  /** Reads and looks through what the email holds, as the gateway does; absent: documents count as not read. */
  readonly inspect?: (order: ScanOrder & { readonly now: number }) => Promise<Inspection>;
}

/**
 * What would be decided, action by action, by the same `decide` that the gateway calls. Nothing is sent.
 *
 * @throws {RangeError} (as a rejection) when the scenario does not ask for exactly one thing
 */
export async function playScenario(
  policies: PolicySet,
  caller: AssistantRef,
  scenario: Scenario,
  { now, inspect }: PlayOptions,
): Promise<readonly PlayedAction[]> {
  const policy = policies.teams.get(caller.team);
  const played: PlayedAction[] = [];
  for (const asked of scenarioActions(scenario)) {
    const context: Context =
      policy === undefined
        ? { ...caller, now }
        : scenarioContext(policy, caller, asked, { now, user: scenario.user, given: scenario.given });
    const action =
      policy !== undefined && isEmailAction(asked) ? composeEmail(policy, asked, context.original) : asked;
    const holdsFiles = isEmailAction(action) && action.draft.attachments.length > 0;
    const inspection =
      policy !== undefined && holdsFiles
        ? await inspect?.({ ...scanOrder(policy, action, context), now })
        : undefined;
    const decision = decide(policies, action, {
      ...context,
      ...(inspection !== undefined && { inspection }),
    });
    played.push({ action, decision });
  }
  return played;
}

/** `assistant` or `team/assistant`. */
export function parseCaller(text: string, team: string): AssistantRef {
  const [assistant = "", named = team] = text.split("/").reverse();
  return { team: named, assistant };
}
