import type { World } from "../enforce/world.ts";
import { mailboxState } from "./mailbox_state.ts";

/** Whether the gateway may be given work, and what people should look at. */
export interface Readiness {
  /** Of the gateway: some team can be served. Asked for one team: that team can. */
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
  /** Why nothing can be put on record. */
  readonly trailProblem: string | undefined;
  /** Why the trail is not signed any more. */
  readonly checkpointAlarm: string | undefined;
  /** Where checkpoints could not be put. */
  readonly checkpointProblems: readonly string[];
  /** What is wrong with the keys for MultiMail. */
  readonly keyProblems: readonly string[];
  /** Asks for this team only. */
  readonly team?: string | undefined;
}

/**
 * Checks that the trail answers, that the last record could be written, that it extends what was signed of it, and
 * which mailboxes are, at MultiMail, what their policies declare. One mailbox that is not is told, and stops its own
 * team only: a probe that took the gateway out of service for it would stop every other team too. What
 * `policyProblem` says is shown, but is no reason either: the last good policies are in force as a whole, and a typo
 * must not take every gateway out of service at once. Nor is a place for checkpoints that cannot be reached.
 * Undefined: there is no such team.
 */
export async function readiness(
  world: World,
  { policyProblem, trailProblem, checkpointAlarm, checkpointProblems, keyProblems, team }: ReadinessOptions,
): Promise<Readiness | undefined> {
  const policies = world.policies();
  const one = team === undefined ? undefined : policies.teams.get(team);
  const asked = team === undefined ? [...policies.teams.values()] : one === undefined ? [] : [one];
  if (team !== undefined && asked.length === 0) return undefined;
  const inTheWay: ReadinessProblem[] = [];
  const toKnow: ReadinessProblem[] = [];
  try {
    await world.trail.head();
  } catch {
    inTheWay.push({ what: "trail", message: "The trail cannot be read" });
  }
  if (trailProblem !== undefined) inTheWay.push({ what: "trail", message: trailProblem });
  if (checkpointAlarm !== undefined) inTheWay.push({ what: "trail", message: checkpointAlarm });
  if (policyProblem !== undefined) toKnow.push({ what: "policies", message: policyProblem });
  toKnow.push(...checkpointProblems.map((message) => ({ what: "checkpoints", message })));
  toKnow.push(...keyProblems.map((message) => ({ what: "multimail keys", message })));
  let served = 0;
  for (const policy of asked) {
    const { details, notices = [] } = mailboxState(policy, world);
    const what = `mailbox of team ${policy.team}`;
    if (details.length === 0) served++;
    toKnow.push(...[...details, ...notices].map((message) => ({ what, message })));
  }
  if (asked.length === 0) inTheWay.push({ what: "policies", message: "No team has a policy" });
  return {
    status: inTheWay.length === 0 && served > 0 ? "ready" : "not_ready",
    policy: policies.hash,
    problems: [...inTheWay, ...toKnow],
  };
}
