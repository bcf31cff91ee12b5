import { type Action, isEmailAction } from "../action/mod.ts";
import { type Address, type AddressPattern, matchesDenyPattern, matchesPattern } from "../address/mod.ts";
import type { PolicySet } from "../policy/mod.ts";
import { answerable } from "./answerable.ts";
import { applyExceptions, binds } from "./apply_exceptions.ts";
import type { Context, LiveMailbox } from "./context.ts";
import type { Decision, Finding, JudgedRecipient } from "./decision.ts";
import { judgedRecipients } from "./judged_recipients.ts";
import { requirementsOf } from "./requirements_of.ts";
import type { Rule, RuleInput } from "./rule.ts";
import { RULES } from "./rules.ts";
import { type DraftScan, scanDraft } from "./scan_draft.ts";

/**
 * Answers whether `context.assistant` may do `action` under the policies in force. Pure and total: it never throws, a
 * rule that does denies by its name. Every rule runs, so that one answer tells everything that is wrong, but to people who
 * may not use the assistant. What nobody allows is denied.
 */
export function decide(policies: PolicySet, action: Action, given: Context): Decision {
  const context = withoutUnfitOriginal(given);
  const policy = policies.teams.get(context.team);
  const assistant = policy?.assistants.get(context.assistant);
  if (policy === undefined || assistant === undefined) {
    return {
      effect: "deny",
      held: false,
      findings: [UNKNOWN_CALLER],
      recipients: isEmailAction(action) ? action.recipients : [],
      policy: policies.hash,
    };
  }
  const recipients = judgedRecipients(policy, action, context);
  const held = isEmailAction(action) && (context.held ?? willBeHeld(context.live, recipients));
  let scan: DraftScan | undefined;
  const scanned = (): DraftScan => {
    scan ??= isEmailAction(action) ? scanDraft(policy, action, context) : NOTHING_SCANNED;
    return scan;
  };
  const input: RuleInput = { policy, assistant, action, context, recipients, held, scanned };
  const findings: Finding[] = [];
  for (const rule of RULES) {
    findings.push(...settle(rule, evaluate(rule, input), input));
    // Whoever may not use the assistant learns nothing of what it may do, nor of whom another's email reaches.
    if (rule.name === "users" && findings.length > 0) {
      return {
        effect: "deny",
        held: false,
        findings,
        recipients: isEmailAction(action) ? action.recipients : [],
        policy: policies.hash,
      };
    }
  }
  const permitted = action.name !== "invalid" && assistant.actions.has(action.name);
  const denied = findings.some((finding) => finding.effect === "deny");
  const sendAt = findings.find((finding) => finding.sendAt !== undefined)?.sendAt;
  return {
    effect: permitted && !denied ? "allow" : "deny",
    held,
    findings,
    recipients,
    policy: policies.hash,
    ...(sendAt !== undefined && { sendAt }),
    ...(held && { requirements: requirementsOf(input) }),
  };
}

const NONE: readonly Finding[] = [];

const NOTHING_SCANNED: DraftScan = { found: new Map(), unreadable: [] };

const UNKNOWN_CALLER: Finding = {
  rule: "caller",
  effect: "deny",
  message: "No policy names this assistant, so it may do nothing: ask the platform team",
};

/**
 * What an assistant may not be shown is not there for any rule either: an answer that names its participants or what was
 * found in its subject would show it.
 */
function withoutUnfitOriginal(context: Context): Context {
  const { original } = context;
  if (original === undefined) return context;
  const shown = answerable(original);
  return shown === original ? context : { ...context, original: shown };
}

function evaluate(rule: Rule, input: RuleInput): readonly Finding[] {
  try {
    const findings = rule.evaluate(input);
    return findings.length === 0 ? NONE : findings.map((finding) => ({ rule: rule.name, ...finding }));
  } catch {
    // What failed may hold the draft's own text: only the rule is named.
    return [{ rule: rule.name, effect: "deny", message: "This rule could not be evaluated, so it denies" }];
  }
}

/** What remains of a rule's findings after exceptions, `warn`, and the need for a person. */
function settle(rule: Rule, findings: readonly Finding[], input: RuleInput): readonly Finding[] {
  if (findings.length === 0) return findings;
  const mode = input.policy.rules.get(rule.name);
  return applyExceptions(findings, input).map((finding) => {
    if (mode === "warn" && binds(finding)) {
      const { sendAt: _, ...rest } = finding;
      return { ...rest, effect: "warn" };
    }
    if (finding.effect === "flag" && !input.held) {
      return {
        ...finding,
        effect: "deny",
        message: `${finding.message}; a person must see it, and this mailbox holds nothing for one`,
      };
    }
    return finding;
  });
}

/**
 * Whether MultiMail will hold this email for a person: its live mode is gated, and under `gated_send` not every
 * recipient is on its allowlist. When in doubt about an entry, it counts as a match: nobody may rely on a hold that
 * MultiMail does not give.
 */
function willBeHeld(live: LiveMailbox | undefined, recipients: readonly JudgedRecipient[]): boolean {
  if (live?.oversight === "gated_all") return true;
  if (live?.oversight !== "gated_send") return false;
  return !recipients.every(
    ({ parsed }) => parsed.ok && live.allowlist.some((entry) => mayMatch(entry, parsed.address)),
  );
}

function mayMatch(entry: AddressPattern | string, address: Address): boolean {
  return typeof entry === "string" || matchesPattern(entry, address) || matchesDenyPattern(entry, address);
}
