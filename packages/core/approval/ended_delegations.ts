import type { PolicyProblem, PolicySet } from "../policy/mod.ts";

/** Delegations that have ended by `now` (epoch milliseconds), in whatever file: nothing is wrong, and nobody needs them. */
export function endedDelegations({ teams, organisation }: PolicySet, now: number): readonly PolicyProblem[] {
  const lists = [
    ...[...teams.values()].map(({ delegates = [] }) => delegates),
    organisation?.delegates ?? [],
  ];
  const ended = lists.flat().filter(({ endsAt }) => endsAt <= now);
  const places = new Map(ended.map((one) => [JSON.stringify(one.where), one]));
  return [...places.values()].map(({ where, until }) => ({
    ...{ where, path: "delegates" },
    message: `Delegation has ended with "${until}": remove it`,
  }));
}
