import type { LintRule } from "./lint_rule.ts";
import { endedDelegation } from "./rules/ended_delegation.ts";
import { expiredException } from "./rules/expired_exception.ts";
import { flagWithoutPerson } from "./rules/flag_without_person.ts";
import { hoursNeverOpen } from "./rules/hours_never_open.ts";
import { idleAssistant } from "./rules/idle_assistant.ts";
import { idleClass } from "./rules/idle_class.ts";
import { idleException } from "./rules/idle_exception.ts";
import { idleSetting } from "./rules/idle_setting.ts";
import { missingKey } from "./rules/missing_key.ts";
import { outsideCompany } from "./rules/outside_company.ts";
import { outsideTeam } from "./rules/outside_team.ts";
import { ownRequest } from "./rules/own_request.ts";
import { pastHolidays } from "./rules/past_holidays.ts";
import { repeatedRecipient } from "./rules/repeated_recipient.ts";
import { swallowedDetector } from "./rules/swallowed_detector.ts";
import { swallowedRecipient } from "./rules/swallowed_recipient.ts";
import { testOfNothing } from "./rules/test_of_nothing.ts";
import { unreachableLimit } from "./rules/unreachable_limit.ts";
import { unusedName } from "./rules/unused_name.ts";

/** How a finding says which rule found it, and a comment which one is to be silent. */
export type LintRuleName =
  | "swallowed_recipient"
  | "outside_team"
  | "outside_company"
  | "repeated_recipient"
  | "swallowed_detector"
  | "flag_without_person"
  | "idle_class"
  | "own_request"
  | "idle_exception"
  | "expired_exception"
  | "ended_delegation"
  | "unreachable_limit"
  | "hours_never_open"
  | "past_holidays"
  | "idle_setting"
  | "idle_assistant"
  | "missing_key"
  | "unused_name"
  | "test_of_nothing";

/** Every rule of `lint`, one a file. */
export const LINT_RULES: Readonly<Record<LintRuleName, LintRule>> = {
  swallowed_recipient: swallowedRecipient,
  outside_team: outsideTeam,
  outside_company: outsideCompany,
  repeated_recipient: repeatedRecipient,
  swallowed_detector: swallowedDetector,
  flag_without_person: flagWithoutPerson,
  idle_class: idleClass,
  own_request: ownRequest,
  idle_exception: idleException,
  expired_exception: expiredException,
  ended_delegation: endedDelegation,
  unreachable_limit: unreachableLimit,
  hours_never_open: hoursNeverOpen,
  past_holidays: pastHolidays,
  idle_setting: idleSetting,
  idle_assistant: idleAssistant,
  missing_key: missingKey,
  unused_name: unusedName,
  test_of_nothing: testOfNothing,
};

/** Whether a rule is called so. */
export function isLintRuleName(name: string): name is LintRuleName {
  return Object.hasOwn(LINT_RULES, name);
}
