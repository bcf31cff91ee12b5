import { formatWhere, type TeamPolicy } from "../../policy/mod.ts";
import { assistantsOf, inEachTeam } from "../in_each_team.ts";
import type { LintFinding, LintRule } from "../lint_rule.ts";
import { forbids, type WrittenEntry, writtenEntries } from "../written_entries.ts";

/** Somebody is named as a recipient, and `recipients.deny`, which always wins, has them too. */
export const swallowedRecipient: LintRule = {
  about: "a recipient whom recipients.deny has too, which always wins",
  find: inEachTeam((policy) =>
    listsOf(policy).flatMap(({ entries, isIdle }) =>
      entries.flatMap((entry): readonly LintFinding[] => {
        const deny = policy.recipients.deny.find(({ value }) => forbids(value, entry.patterns[0] ?? value));
        const isSwallowed = entry.patterns.every((pattern) =>
          policy.recipients.deny.some(({ value }) => forbids(value, pattern)),
        );
        if (deny === undefined || !isSwallowed) return [];
        const message = `${JSON.stringify(entry.text)} is never written to: recipients.deny has ${JSON.stringify(deny.text)} (${formatWhere(deny.where)}), which always wins; take it out of one of the two`;
        return [{ where: entry.where, path: entry.path, message, ...(isIdle && { isIdle }) }];
      }),
    ),
  ),
};

interface RecipientList {
  readonly entries: readonly WrittenEntry[];
  readonly isIdle?: true;
}

function listsOf(policy: TeamPolicy): readonly RecipientList[] {
  const { recipients, exceptions } = policy;
  return [
    { entries: writtenEntries(policy, recipients.allow, "recipients.allow"), isIdle: true },
    // MultiMail's own list must be the same: it is no longer when the entry is taken out here alone.
    { entries: writtenEntries(policy, recipients.skipApproval, "recipients.skip_approval") },
    ...assistantsOf(policy).map(({ assistant, path }) => ({
      entries: writtenEntries(policy, assistant.allow, `${path}.recipients.allow`),
      isIdle: true as const,
    })),
    ...exceptions.map(({ recipients }, index) => ({
      entries: writtenEntries(policy, recipients, `exceptions[${index}].recipients`),
      isIdle: true as const,
    })),
  ];
}
