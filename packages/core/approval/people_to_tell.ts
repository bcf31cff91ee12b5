import type { PolicySet } from "../policy/mod.ts";
import { approvalTimes } from "./approval_times.ts";
import { delegationsOf, withStandIns } from "./delegations.ts";
import type { NoticeAbout } from "./due_notice.ts";

/** What a notice is about, and since when its emails wait; epoch milliseconds. */
export interface PeopleToTellOptions {
  readonly about: NoticeAbout;
  readonly heldAt: readonly number[];
  readonly now: number;
}

/**
 * Who is told personally that email of a team waits: everybody who may decide on some of it, those of classes too, and who
 * stands in for them. Once one of the emails has escalated, also those to whom it did; of the escalation itself only they are
 * told. Canonical addresses, nobody twice.
 */
export function peopleToTell(
  policies: PolicySet,
  team: string,
  { about, heldAt, now }: PeopleToTellOptions,
): readonly string[] {
  const approval = policies.teams.get(team)?.approval;
  if (approval === undefined) return [];
  const isEscalated = heldAt.some(
    (since) => (approvalTimes(approval, since).escalatesAt ?? Number.POSITIVE_INFINITY) <= now,
  );
  const added = approval.escalate?.to ?? [];
  const usual = [approval.by, ...approval.classes.map(({ by }) => by)].flat();
  const named = about === "escalated" ? added : isEscalated ? [...usual, ...added] : usual;
  return [...withStandIns(named, delegationsOf(policies, team), now)];
}
