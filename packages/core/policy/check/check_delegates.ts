import type { PolicyProblem } from "../policy_problem.ts";
import type { PolicyDocument } from "../read/policy_document.ts";
import { isOnePerson, type StandIn } from "../stand_ins.ts";
import {
  DECIDERS_AT,
  type DelegateEntry,
  delegatesAt,
  hasUnknownRole,
  peopleAt,
  peopleOf,
} from "./_people_at.ts";

/** What is wrong in the `delegates` of a team's file, or of the organisation's (which is then given twice). */
export function checkDelegates(
  document: PolicyDocument,
  organisation: PolicyDocument | undefined,
): readonly PolicyProblem[] {
  const entries = delegatesAt(document, organisation);
  if (entries.length === 0) return [];
  const above =
    organisation === undefined || organisation === document ? [] : delegatesAt(organisation, organisation);
  return [
    ...checkSelf(entries, organisation),
    ...checkLoops(entries, above),
    ...(document === organisation ? [] : checkFrom(document, entries, { above, organisation })),
  ];
}

function checkSelf(
  entries: readonly DelegateEntry[],
  organisation: PolicyDocument | undefined,
): readonly PolicyProblem[] {
  return entries.flatMap(({ from, to }) => {
    const [people, deputies] = [from, to].map((entry) => peopleOf(entry, organisation));
    const isNobodyElse =
      people !== undefined &&
      deputies !== undefined &&
      people.length > 0 &&
      deputies.length > 0 &&
      people.every((one) => deputies.every((other) => isOnePerson(one, other)));
    if (!isNobodyElse) return [];
    return [{ where: to.where, path: to.path, message: "Must be somebody else than who is away" }];
  });
}

/** A loop is said once, at the entry with which it closes. */
function checkLoops(
  entries: readonly DelegateEntry[],
  above: readonly DelegateEntry[],
): readonly PolicyProblem[] {
  const known: StandIn[] = above.flatMap(({ pairs }) => pairs);
  return entries.flatMap(({ pairs, to }) => {
    known.push(...pairs);
    const loop = pairs
      .map(({ from, to: deputy }) => wayFrom(deputy, from, known))
      .find((way) => way !== undefined);
    if (loop === undefined) return [];
    const message = `Must not loop: ${[loop.at(-1), ...loop].join(" → ")}`;
    // What follows would close the same loop again.
    known.splice(known.length - pairs.length);
    return [{ where: to.where, path: to.path, message }];
  });
}

/** From somebody over their deputies to somebody else; undefined: there is no way. */
function wayFrom(start: string, end: string, pairs: readonly StandIn[]): readonly string[] | undefined {
  const before = new Map<string, string | undefined>([[start, undefined]]);
  for (const person of before.keys()) {
    if (person === end) break;
    for (const { from, to } of pairs) if (from === person && !before.has(to)) before.set(to, person);
  }
  if (!before.has(end)) return undefined;
  const way: string[] = [];
  for (let person: string | undefined = end; person !== undefined; person = before.get(person))
    way.unshift(person);
  return way;
}

function checkFrom(
  team: PolicyDocument,
  entries: readonly DelegateEntry[],
  {
    above,
    organisation,
  }: { readonly above: readonly DelegateEntry[]; readonly organisation: PolicyDocument | undefined },
): readonly PolicyProblem[] {
  if (DECIDERS_AT.some((path) => hasUnknownRole(team, path, organisation))) return [];
  const deciders = new Set([
    ...DECIDERS_AT.flatMap((path) => peopleAt(team, path, organisation)),
    ...[...entries, ...above].flatMap(({ pairs }) => pairs.map(({ to }) => to)),
  ]);
  return entries.flatMap(({ from }) => {
    const people = peopleOf(from, organisation);
    if (people.length === 0 || people.some((one) => deciders.has(one))) return [];
    const message = "Must be somebody who may approve: nobody else has anything to hand over";
    return [{ where: from.where, path: from.path, message }];
  });
}
