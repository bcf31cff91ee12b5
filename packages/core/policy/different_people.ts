/** Somebody, in whose place. */
export interface Seat<V> {
  readonly voice: V;
  /** Whose approval was asked for: their own, or that of somebody for whom they stand in. */
  readonly as: string;
}

/** How different people are told. */
export interface DifferentPeopleOptions<V> {
  /** More than so many are not looked for. */
  readonly most: number;
  /** In whose places somebody may decide: canonical addresses. */
  readonly placesOf: (voice: V) => Iterable<string>;
  /** Whether two would be one person, or stand for one. */
  readonly areOne: (a: Seat<V>, b: Seat<V>) => boolean;
}

/** Steps of a search. People who stand in for each other in more ways than can be searched count for fewer, never for more. */
const MOST_STEPS = 100_000;

/**
 * As many of these voices as can be counted as different people, each in the place of another one of `people` (canonical
 * addresses): the first that are found, in their order.
 */
export function differentPeople<V>(
  voices: readonly V[],
  people: readonly string[],
  { most, placesOf, areOne }: DifferentPeopleOptions<V>,
): readonly Seat<V>[] {
  const asked = new Set(people);
  const seats = voices.flatMap((voice) =>
    [...placesOf(voice)].filter((place) => asked.has(place)).map((as): Seat<V> => ({ voice, as })),
  );
  const taken: Seat<V>[] = [];
  let best: readonly Seat<V>[] = [];
  let steps = 0;
  const search = (start: number): void => {
    if (taken.length > best.length) best = [...taken];
    for (let index = start; index < seats.length; index++) {
      if (best.length >= most || taken.length + seats.length - index <= best.length) return;
      if (++steps > MOST_STEPS) return;
      const seat = seats[index];
      if (seat === undefined || taken.some((other) => areOne(other, seat))) continue;
      taken.push(seat);
      search(index + 1);
      taken.pop();
    }
  };
  search(0);
  return best;
}
