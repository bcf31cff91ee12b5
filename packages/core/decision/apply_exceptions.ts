import { isAskedFor } from "../action/mod.ts";
import { matchesPattern } from "../address/mod.ts";
import type { PolicyException } from "../policy/mod.ts";
import type { Finding, JudgedRecipient } from "./decision.ts";
import { describeGroups } from "./groups_detail.ts";
import type { RuleInput } from "./rule.ts";

/** What tells which exceptions are in force, and whom they cover. */
export interface ExceptionsInput extends Pick<RuleInput, "policy" | "assistant" | "recipients"> {
  readonly context: Pick<RuleInput["context"], "now">;
}

/**
 * Lifts findings that an exception in force covers. A finding about some recipients remains for those who are not
 * covered; one about the whole email is lifted only if every recipient is.
 */
export function applyExceptions(findings: readonly Finding[], input: ExceptionsInput): readonly Finding[] {
  if (input.policy.exceptions.length === 0) return findings;
  return findings.flatMap((finding) => {
    const inForce = input.policy.exceptions.filter((exception) => isInForce(exception, finding.rule, input));
    if (inForce.length === 0 || !binds(finding)) return [finding];
    // Whom an email is for are those who were asked for: a policy's copies are of whatever email.
    const indices =
      finding.about ?? input.recipients.flatMap((one, index) => (isAskedFor(one) ? [index] : []));
    const covering = (index: number): PolicyException | undefined =>
      inForce.find((exception) => covers(exception, input.recipients[index]));
    const left = indices.filter((index) => covering(index) === undefined);
    const wholeEmail = finding.about === undefined;
    if (wholeEmail && left.length > 0) return [finding];
    const used =
      wholeEmail && indices.length === 0
        ? inForce.find((exception) => exception.recipients === undefined)
        : undefined;
    const lifted = new Set([...indices.map(covering), used].filter((exception) => exception !== undefined));
    if (lifted.size === 0) return [finding];
    const notes = [...lifted].map(
      (exception): Finding => ({
        rule: finding.rule,
        effect: "note",
        message: "An exception lifts this rule here",
        detail: [exception.reason, describeGroups(exception.recipients ?? [])].filter(Boolean).join("; "),
        where: exception.where,
      }),
    );
    return left.length > 0 ? [{ ...finding, about: left }, ...notes] : notes;
  });
}

/** Whether a finding changes what happens: a note does so only by a time to leave. */
export function binds({ effect, sendAt }: Finding): boolean {
  return effect !== "note" || sendAt !== undefined;
}

function isInForce(
  exception: PolicyException,
  rule: string,
  { context, assistant }: ExceptionsInput,
): boolean {
  return (
    exception.rule === rule &&
    context.now < exception.expiresAt &&
    (exception.fromAt === undefined || context.now >= exception.fromAt) &&
    (exception.assistants === undefined || exception.assistants.has(assistant.id))
  );
}

function covers(exception: PolicyException, recipient: JudgedRecipient | undefined): boolean {
  if (exception.recipients === undefined) return true;
  if (recipient === undefined || !recipient.parsed.ok) return false;
  const { address } = recipient.parsed;
  return exception.recipients.some((pattern) => matchesPattern(pattern.value, address));
}
