import { type Address, type AddressPattern, matchesPattern } from "../../address/mod.ts";
import { type Located, whereOf } from "../../policy/mod.ts";
import { groupsDetail } from "../groups_detail.ts";
import type { Rule, RuleFinding, RuleInput } from "../rule.ts";

/** `recipients.allow`, the team's and then the assistant's narrower one: whoever is not named may not be written to. */
export const recipientsAllow: Rule = {
  name: "recipients.allow",
  evaluate: (input) => {
    const { policy, assistant } = input;
    return [
      ...outside(input, policy.recipients.allow, { path: () => "recipients.allow", whose: "your team" }),
      ...outside(input, assistant.allow, {
        path: () => `assistants[${[...policy.assistants.keys()].indexOf(assistant.id)}].recipients.allow`,
        whose: "this assistant",
      }),
    ];
  },
};

function outside(
  { policy, recipients }: RuleInput,
  allow: readonly Located<AddressPattern>[] | undefined,
  { path, whose }: { readonly path: () => string; readonly whose: string },
): readonly RuleFinding[] {
  if (allow === undefined) return [];
  const about = recipients.flatMap(({ parsed, composed }, index) =>
    parsed.ok && !composed && !isNamed(parsed.address, allow) ? [index] : [],
  );
  if (about.length === 0) return [];
  return [
    {
      effect: "deny",
      message: `This recipient is not among those whom ${whose} may write to`,
      ...groupsDetail(allow),
      where: whereOf(policy, path()),
      about,
    },
  ];
}

function isNamed(address: Address, allow: readonly Located<AddressPattern>[]): boolean {
  return allow.some(({ value }) => matchesPattern(value, address));
}
