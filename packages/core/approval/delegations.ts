import { type Delegation, type PolicySet, StandIns } from "../policy/mod.ts";

/** Who stands in for whom on a team's email: as its own file says, and as the organisation's does. */
export function delegationsOf({ teams, organisation }: PolicySet, team: string): readonly Delegation[] {
  return [...(teams.get(team)?.delegates ?? []), ...(organisation?.delegates ?? [])];
}

/** Who stands in for whom at a time (epoch milliseconds). */
export function standInsAt(delegates: readonly Delegation[], at: number): StandIns {
  return new StandIns(
    delegates
      .filter(({ endsAt }) => at < endsAt)
      .map(({ from, to }) => ({ from: from.address, to: to.address })),
  );
}
