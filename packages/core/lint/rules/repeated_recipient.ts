import { type AddressPattern, covers } from "../../address/mod.ts";
import { formatWhere, type TeamPolicy } from "../../policy/mod.ts";
import { assistantsOf, inEachTeam } from "../in_each_team.ts";
import type { LintFinding, LintRule } from "../lint_rule.ts";
import { forbids, type WrittenEntry, writtenEntries } from "../written_entries.ts";

/** Somebody is named twice in one list: whoever takes out one of the two believes that it is done. */
export const repeatedRecipient: LintRule = {
  about: "a recipient who is in the same list already",
  find: inEachTeam((policy) => listsOf(policy).flatMap(repeatedIn)),
};

interface PatternList {
  readonly entries: readonly WrittenEntry[];
  readonly holds: (outer: AddressPattern, inner: AddressPattern) => boolean;
}

function repeatedIn({ entries, holds }: PatternList): readonly LintFinding[] {
  const left = new Set(entries);
  // From the end: of two that are the same, the first stays.
  return entries
    .toReversed()
    .flatMap((entry): readonly LintFinding[] => {
      left.delete(entry);
      const holders = entry.patterns.map((pattern) =>
        [...left].find(({ patterns }) => patterns.some((one) => holds(one, pattern))),
      );
      const [holder] = holders;
      if (holder === undefined || holders.includes(undefined)) {
        left.add(entry);
        return [];
      }
      const { where, path, text } = entry;
      const message = `${JSON.stringify(text)} changes nothing: ${JSON.stringify(holder.text)} (${formatWhere(holder.where)}) has it already; take out one of the two`;
      return [{ where, path, message, isIdle: true }];
    })
    .toReversed();
}

function listsOf(policy: TeamPolicy): readonly PatternList[] {
  const { recipients, exceptions, approval } = policy;
  const lists = (
    holds: PatternList["holds"],
    given: readonly (readonly [string, Parameters<typeof writtenEntries>[1]])[],
  ) => given.map(([path, list]): PatternList => ({ entries: writtenEntries(policy, list, path), holds }));
  return [
    ...lists(covers, [
      ["recipients.internal", recipients.internal],
      ["recipients.allow", recipients.allow],
      ...assistantsOf(policy).flatMap(
        ({ assistant, path }) =>
          [
            [`${path}.recipients.allow`, assistant.allow],
            [`${path}.users.allow`, assistant.users?.allow],
          ] as const,
      ),
      ...exceptions.map((one, index) => [`exceptions[${index}].recipients`, one.recipients] as const),
    ]),
    ...lists(forbids, [
      ["recipients.deny", recipients.deny],
      ...approval.classes.map(
        ({ when }, index) => [`approval.classes[${index}].when.recipients`, when.recipients] as const,
      ),
    ]),
  ];
}
