import type { Address, AddressPattern } from "../../address/mod.ts";
import { matchesPattern } from "../../address/mod.ts";
import { type Located, whereOf } from "../../policy/mod.ts";
import type { Rule, RuleFinding, RuleInput } from "../rule.ts";

/** `recipients.allow`, the team's and then the assistant's narrower one: whoever is not named may not be written to. */
export const recipientsAllow: Rule = {
  name: "recipients.allow",
  evaluate: (input) => {
    const { policy, assistant } = input;
    const index = [...policy.assistants.keys()].indexOf(assistant.id);
    return [
      ...outside(input, policy.recipients.allow, "recipients.allow", "your team"),
      ...outside(input, assistant.allow, `assistants[${index}].recipients.allow`, "this assistant"),
    ];
  },
};

function outside(
  { policy, recipients }: RuleInput,
  allow: readonly Located<AddressPattern>[] | undefined,
  path: string,
  whose: string,
): readonly RuleFinding[] {
  if (allow === undefined) return [];
  const named = (address: Address) => allow.some((pattern) => matchesPattern(pattern.value, address));
  const about = recipients.flatMap(({ parsed }, index) =>
    parsed.ok && !named(parsed.address) ? [index] : [],
  );
  if (about.length === 0) return [];
  return [
    {
      effect: "deny",
      message: `This recipient is not among those whom ${whose} may write to`,
      where: whereOf(policy, path),
      about,
    },
  ];
}
