import type { Action } from "@countersign/core/action";
import { countsNobody, type Decision, type Finding } from "@countersign/core/decision";
import type { Code } from "./code.ts";

/** Rules with a code of their own; every other rule is `policy_denied`. */
const CODE_OF_RULE: Readonly<Record<string, Code>> = {
  request: "invalid_request",
  mailbox: "mailbox_not_allowed",
  actions: "action_not_allowed",
  "mailbox.verified": "mailbox_unverified",
  "mailbox.stopped": "mailbox_unverified",
  limits: "limit_reached",
  idempotency: "idempotency_conflict",
};

/** Codes that trying later, or another way, can cure: said only when nothing else is wrong. */
const CURABLE: ReadonlySet<Code> = new Set(["mailbox_unverified", "limit_reached"]);

/** Whether what denies passes by itself, so that the same call may be fine later. */
export function isCurable(finding: Pick<Finding, "rule" | "message">): boolean {
  return CURABLE.has(codeOf(finding));
}

function codeOf(finding: Pick<Finding, "rule" | "message">): Code {
  return countsNobody(finding) ? "policy_denied" : (CODE_OF_RULE[finding.rule] ?? "policy_denied");
}

/** The code of a denial: that of its first denying rule that no retry cures, or else of the first. */
export function denialCode(action: Action, decision: Decision): Code {
  if (decision.findings.some(({ rule }) => rule === "caller")) return "unknown_key";
  // Whoever may not use the assistant is not told what else is wrong.
  if (decision.findings.some(({ rule }) => rule === "users")) return "policy_denied";
  if (action.name === "invalid") return action.code;
  const codes = decision.findings.filter(({ effect }) => effect === "deny").map(codeOf);
  return codes.find((code) => !CURABLE.has(code)) ?? codes[0] ?? "policy_denied";
}
