import type { RuleName, TeamPolicy } from "../policy/mod.ts";
import { rulesInUse } from "../what_if/mod.ts";

/** Whether a rule always denies what it denies: the team neither lets it only warn nor has an exception from it. */
export function isStrict({ rules, exceptions }: TeamPolicy, rule: RuleName): boolean {
  return rules.get(rule) !== "warn" && !exceptions.some((exception) => exception.rule === rule);
}

/** Whether MultiMail holds email of the mailbox as it is declared. */
export function holdsEmail({ oversight }: TeamPolicy): boolean {
  return oversight === "gated_all" || oversight === "gated_send";
}

/** Whether no key of the policy makes a rule say anything, whatever is asked for. */
export function isSilent(policy: TeamPolicy, rule: string): boolean {
  if (rulesInUse(policy).some((one) => one === rule)) return false;
  // Files are refused by another rule where a team attaches none, if that rule stands.
  return (
    rule !== "content.unscannable" ||
    policy.content.unscannable === "allow" ||
    isStrict(policy, "attachments")
  );
}
