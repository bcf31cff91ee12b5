import { type Delegation, type PolicyPerson, type PolicySet, StandIns } from "../policy/mod.ts";

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

/** These people, and who stands in for any of them at a time (epoch milliseconds). Canonical addresses. */
export function withStandIns(
  named: readonly PolicyPerson[],
  delegates: readonly Delegation[],
  at: number,
): ReadonlySet<string> {
  const people = new Set(named.map(({ address }) => address));
  const standIns = standInsAt(delegates, at);
  for (const { to } of delegates)
    if ([...standIns.placesOf(to.address)].some((place) => people.has(place))) people.add(to.address);
  return people;
}
