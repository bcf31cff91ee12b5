import { type RuleName, type TeamPolicy, whereOf } from "../../policy/mod.ts";
import { inEachTeam } from "../in_each_team.ts";
import type { LintFinding, LintRule } from "../lint_rule.ts";
import { holdsEmail, isStrict } from "../rule_state.ts";

/** Something is to be seen by a person in a mailbox that holds nothing for one: it is refused. */
export const flagWithoutPerson: LintRule = {
  about: "a flag, or a wish for approval, in a mailbox that holds nothing",
  find: inEachTeam((policy) => {
    // Under read_only nothing is sent at all.
    if (holdsEmail(policy) || policy.oversight === "read_only") return [];
    return WISHES.flatMap(({ rule, path, isWished, instead }): readonly LintFinding[] => {
      const isWritten = policy.source.places.paths.includes(path);
      if (!isWritten || !isWished(policy) || !isStrict(policy, rule)) return [];
      const message = `Nobody is asked: under "${policy.oversight}" nothing is held for a person, so such email is refused; write ${instead} if that is meant, else declare "gated_send"`;
      return [{ where: whereOf(policy, path), path, message }];
    });
  }),
};

interface Wish {
  readonly rule: RuleName;
  readonly path: string;
  readonly isWished: (policy: TeamPolicy) => boolean;
  readonly instead: string;
}

const WISHES: readonly Wish[] = [
  {
    rule: "recipients.external",
    path: "recipients.external",
    isWished: ({ recipients }) => recipients.external === "require_approval",
    instead: '"deny"',
  },
  {
    rule: "content.flag",
    path: "content.flag",
    isWished: ({ content }) => content.flag.length > 0,
    instead: "it into content.block",
  },
  {
    rule: "content.unscannable",
    path: "content.unscannable",
    isWished: ({ content }) => content.unscannable === "flag",
    instead: '"deny"',
  },
  {
    rule: "first_contact",
    path: "first_contact",
    isWished: ({ firstContact }) => firstContact === "flag",
    instead: '"deny"',
  },
  {
    rule: "overlap",
    path: "overlap",
    isWished: ({ overlap }) => overlap?.action === "flag",
    instead: '"action: deny"',
  },
  {
    rule: "after_outside_mail",
    path: "after_outside_mail",
    isWished: ({ afterOutsideMail }) => afterOutsideMail?.newExternal === "require_approval",
    instead: '"new_external: deny"',
  },
];
