import { isOnePerson, type PolicyPerson, type TeamPolicy } from "../../policy/mod.ts";
import { assistantsOf, inEachTeam } from "../in_each_team.ts";
import type { LintFinding, LintRule } from "../lint_rule.ts";
import { holdsEmail } from "../rule_state.ts";

/** People who may use an assistant, and on whose requests too few others may decide: nobody decides on their own. */
export const ownRequest: LintRule = {
  about: "somebody whose requests nobody may decide on, since nobody decides on their own",
  find: inEachTeam((policy) => {
    if (!holdsEmail(policy)) return [];
    return assistantsOf(policy).flatMap(({ assistant: { users, id }, path }) =>
      (users?.allow ?? []).flatMap(({ value, where }, index): readonly LintFinding[] => {
        if (value.kind !== "address") return [];
        const short = wanted(policy).find(
          ({ by, needed }) => count(by.filter(({ address }) => !isOnePerson(address, value.key))) < needed,
        );
        if (short === undefined || !short.by.some(({ address }) => isOnePerson(address, value.key)))
          return [];
        const message = `Nobody can decide on what "${value.key}" asks "${id}" for: ${short.what} wants ${short.needed} of its people, nobody decides on their own requests, and too few others are named; name more people`;
        return [{ where, path: `${path}.users.allow[${index}]`, message }];
      }),
    );
  }),
};

interface Wanted {
  readonly what: string;
  readonly needed: number;
  readonly by: readonly PolicyPerson[];
}

function wanted({ approval }: TeamPolicy): readonly Wanted[] {
  const others = approval.escalate?.to ?? [];
  return [
    { what: "approval", needed: approval.needed, by: [...approval.by, ...others] },
    ...approval.classes.map(({ needed, by }, index) => ({ what: `approval.classes[${index}]`, needed, by })),
  ];
}

function count(people: readonly PolicyPerson[]): number {
  return people.filter(
    ({ address }, index) => !people.slice(0, index).some((other) => isOnePerson(other.address, address)),
  ).length;
}
