import type { World } from "../enforce/world.ts";
import { mailboxState } from "./mailbox_state.ts";

/** Whether the gateway may be given work, and what people should look at. */
export interface Readiness {
  readonly status: "ready" | "not_ready";
  /** Hash of the policies in force. */
  readonly policy: string;
  readonly problems: readonly ReadinessProblem[];
}

/** One thing that is not as it should be: `trail`, `policies`, or `mailbox of team finance`. */
export interface ReadinessProblem {
  readonly what: string;
  readonly message: string;
}

/** What readiness is told of besides the world. */
export interface ReadinessOptions {
  /** Why the policies in the folder are not in force. */
  readonly policyProblem: string | undefined;
  /** Why the trail is not signed any more. */
  readonly checkpointAlarm: string | undefined;
  /** Where checkpoints could not be put. */
  readonly checkpointProblems: readonly string[];
}

/**
 * Checks that the trail answers, that it extends what was signed of it, and that every mailbox is, at MultiMail, what its policy declares. What
 * `policyProblem` says is shown, but the gateway is ready all the same: the last good policies are in force as a whole, and
 * a typo must not take every gateway out of service at once. Nor does a place for checkpoints that cannot be reached.
 */
export async function readiness(
  world: World,
  { policyProblem, checkpointAlarm, checkpointProblems }: ReadinessOptions,
): Promise<Readiness> {
  const policies = world.policies();
  const inTheWay: ReadinessProblem[] = [];
  const toKnow: ReadinessProblem[] = [];
  try {
    await world.trail.head();
  } catch {
    inTheWay.push({ what: "trail", message: "The trail cannot be read" });
  }
  if (checkpointAlarm !== undefined) inTheWay.push({ what: "trail", message: checkpointAlarm });
  toKnow.push(...checkpointProblems.map((message) => ({ what: "checkpoints", message })));
  for (const policy of policies.teams.values()) {
    const { details, notices = [] } = mailboxState(policy, world);
    const what = `mailbox of team ${policy.team}`;
    inTheWay.push(...details.map((message) => ({ what, message })));
    toKnow.push(...notices.map((message) => ({ what, message })));
  }
  return {
    status: inTheWay.length === 0 ? "ready" : "not_ready",
    policy: policies.hash,
    problems: [
      ...(policyProblem === undefined ? [] : [{ what: "policies", message: policyProblem }]),
      ...inTheWay,
      ...toKnow,
    ],
  };
}
