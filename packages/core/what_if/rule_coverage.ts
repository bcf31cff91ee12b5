import { isEmailAction } from "../action/mod.ts";
import type { PolicySet, RuleName, TeamPolicy } from "../policy/mod.ts";
import type { TestCaseResult } from "./run_test_case.ts";

/** Whether tests have shown both sides of a rule of a team. */
export interface RuleCoverage {
  readonly team: string;
  readonly rule: RuleName;
  /** A passing test was stopped, flagged or warned by it. */
  readonly denied: boolean;
  /** A passing test's email passed it. */
  readonly allowed: boolean;
}

/** Rules that every team has, and those that a team has only if its policy says so. */
const IN_USE: Readonly<Record<RuleName, (policy: TeamPolicy) => boolean>> = {
  users: ({ assistants }) => [...assistants.values()].some((assistant) => assistant.users !== undefined),
  request: () => false,
  mailbox: () => false,
  "mailbox.verified": () => false,
  "mailbox.stopped": () => false,
  reply: () => false,
  send_at: () => false,
  compose: () => false,
  require: ({ require }) => require !== undefined,
  "recipients.address": () => false,
  "attachments.unsafe": () => false,
  actions: () => true,
  oversight: ({ oversight }) => oversight === "read_only",
  "recipients.deny": ({ recipients }) => recipients.deny.length > 0,
  "recipients.allow": ({ recipients, assistants }) =>
    recipients.allow !== undefined || [...assistants.values()].some(({ allow }) => allow !== undefined),
  "recipients.external": ({ recipients }) => recipients.external !== "allow",
  "recipients.max_per_email": () => true,
  "content.block": ({ content }) => content.block.length > 0,
  "content.flag": ({ content }) => content.flag.length > 0,
  "content.unscannable": ({ content, attachments }) =>
    attachments !== undefined && content.unscannable !== "allow",
  attachments: () => true,
  approval: ({ approval }) => approval.classes.length > 0,
  limits: ({ limits, assistants }) =>
    [limits, ...[...assistants.values()].map((assistant) => assistant.limits)].some(
      ({ perAssistant, perRecipient, perDomain, perUser, team }) =>
        [perAssistant, perRecipient, perDomain, perUser, team].some(({ length }) => length > 0),
    ),
  hours: ({ hours, assistants }) =>
    hours !== undefined || [...assistants.values()].some((assistant) => assistant.hours !== undefined),
  overlap: ({ overlap }) => overlap !== undefined && overlap.action !== "allow",
  first_contact: ({ firstContact }) => firstContact !== "allow",
  after_outside_mail: ({ afterOutsideMail }) =>
    afterOutsideMail !== undefined && afterOutsideMail.newExternal !== "allow",
};

/** For each rule in use by each team: have the passing tests shown it to stop something, and to let something pass? */
export function ruleCoverage(
  policies: PolicySet,
  results: readonly TestCaseResult[],
): readonly RuleCoverage[] {
  const passed = results.filter(({ failures }) => failures.length === 0);
  return [...policies.teams.values()].flatMap((policy) => {
    const played = passed.filter(({ team }) => team === policy.team).flatMap((result) => result.played);
    const rules = (Object.keys(IN_USE) as RuleName[]).filter((rule) => IN_USE[rule](policy));
    return rules.map((rule) => ({
      team: policy.team,
      rule,
      denied: played.some(({ decision }) =>
        decision.findings.some((finding) => finding.rule === rule && finding.effect !== "note"),
      ),
      allowed: played.some(({ action, decision }) => isEmailAction(action) && decision.effect === "allow"),
    }));
  });
}
