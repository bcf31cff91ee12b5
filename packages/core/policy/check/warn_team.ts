import type { PolicyProblem } from "../policy_problem.ts";
import type { TeamPolicy } from "../team_policy.ts";
import { whereOf } from "../where_of.ts";
import { warnUnscannable } from "./warn_unscannable.ts";

/** What a team's policy may say, and is probably not meant, or not known to whoever wrote it. Nothing is refused for it. */
export function warnTeam(policy: TeamPolicy): readonly PolicyProblem[] {
  return WARNINGS.flatMap((warn) => warn(policy));
}

const WARNINGS: readonly ((policy: TeamPolicy) => readonly PolicyProblem[])[] = [
  warnScheduledReplies,
  warnUnscannable,
];

function warnScheduledReplies(policy: TeamPolicy): readonly PolicyProblem[] {
  const { hours, assistants } = policy;
  const canReply = [...assistants.values()].some(({ actions }) => actions.has("reply"));
  if (hours?.outside !== "schedule" || !canReply) return [];
  const path = "hours.outside";
  const message =
    "A reply outside the hours is refused, not scheduled: MultiMail schedules no replies; only other email is scheduled";
  return [{ where: whereOf(policy, path), path, message }];
}
