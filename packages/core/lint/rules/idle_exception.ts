import { covers, matchesPattern } from "../../address/mod.ts";
import {
  type AssistantPolicy,
  formatWhere,
  type PolicyException,
  type TeamPolicy,
  whereOf,
} from "../../policy/mod.ts";
import { inEachTeam } from "../in_each_team.ts";
import type { LintFinding, LintRule } from "../lint_rule.ts";
import { isSilent, isStrict } from "../rule_state.ts";
import { overlaps } from "../written_entries.ts";

/** Exceptions that can never lift anything. */
export const idleException: LintRule = {
  about: "an exception that can never apply",
  find: inEachTeam((policy, { now }) =>
    policy.exceptions.flatMap((exception, index): readonly LintFinding[] => {
      // That is said already.
      if (exception.expiresAt <= now) return [];
      const why = whyIdle(policy, exception);
      if (why === undefined) return [];
      const message = `The exception from ${exception.rule} never applies: ${why}; take it out`;
      return [{ where: exception.where, path: `exceptions[${index}]`, message, isIdle: true }];
    }),
  ),
};

function whyIdle(policy: TeamPolicy, exception: PolicyException): string | undefined {
  const { rule } = exception;
  if (policy.rules.get(rule) === "warn")
    return `the rule only warns (${formatWhere(whereOf(policy, `rules.${rule}`))})`;
  if (isSilent(policy, rule)) return "no key of this policy makes the rule say anything";
  const assistants = [...policy.assistants.values()].filter(
    ({ id }) => exception.assistants === undefined || exception.assistants.has(id),
  );
  if (!assistants.some(sends)) return "none of its assistants may send email";
  if (rule === "recipients.allow" && isAllowed(policy, exception, assistants))
    return "its recipients may be written to without it (recipients.allow)";
  if (rule === "recipients.external" && isInside(policy, exception))
    return "its recipients are our own people (recipients.internal)";
  if (isOutsideAllowed(policy, exception, assistants))
    return "its recipients may not be written to anyway (recipients.allow)";
  return undefined;
}

function sends({ actions }: AssistantPolicy): boolean {
  return actions.has("send") || actions.has("reply") || actions.has("report");
}

function isAllowed(
  { recipients }: TeamPolicy,
  exception: PolicyException,
  assistants: readonly AssistantPolicy[],
): boolean {
  const lists = [recipients.allow, ...assistants.map(({ allow }) => allow)].filter(
    (list) => list !== undefined,
  );
  if (exception.recipients === undefined) return lists.length === 0;
  return exception.recipients.every(({ value }) =>
    lists.every((list) => list.some((one) => covers(one.value, value))),
  );
}

/** Whether nobody of the exception's recipients is on the lists of those whom it is for, which no exception lifts. */
function isOutsideAllowed(
  policy: TeamPolicy,
  { recipients }: PolicyException,
  assistants: readonly AssistantPolicy[],
): boolean {
  if (recipients === undefined || !isStrict(policy, "recipients.allow")) return false;
  // A copy that the policy adds need not be on them.
  const copies = policy.compose?.copies ?? [];
  return recipients.every(
    ({ value }) =>
      !copies.some(({ address }) => matchesPattern(value, address)) &&
      assistants.every(({ allow }) =>
        [policy.recipients.allow, allow].some(
          (list) => list !== undefined && !list.some((one) => overlaps(one.value, value)),
        ),
      ),
  );
}

function isInside({ recipients }: TeamPolicy, exception: PolicyException): boolean {
  return (
    exception.recipients?.every(({ value }) =>
      recipients.internal.some((one) => covers(one.value, value)),
    ) === true
  );
}
