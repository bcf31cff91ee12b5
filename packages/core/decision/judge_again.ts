import type { EmailAction } from "../action/mod.ts";
import type { PolicySet, RuleName } from "../policy/mod.ts";
import type { Context } from "./context.ts";
import { decide } from "./decide.ts";
import type { Decision, Finding } from "./decision.ts";

/** An email that was allowed and has not left yet. */
export interface WaitingEmail {
  readonly receipt: string;
  readonly action: EmailAction;
  /** When it was asked for; epoch milliseconds. */
  readonly askedAt: number;
  /** Whether a person sees it first, or saw it. */
  readonly held: boolean;
}

/** Rules about the moment at which an email was asked for: they had their say then. */
const HAD_THEIR_SAY: ReadonlySet<string> = new Set<RuleName>([
  "limits",
  "hours",
  "overlap",
  "first_contact",
  "after_outside_mail",
]);

/**
 * Whether an email that waits may still leave under the policies in force. Its own reservation and its own entry among
 * recent email are left out of `context`. Rules about the moment at which it was asked for show what they find and deny
 * no more; whatever else denies, denies.
 */
export function judgeAgain(policies: PolicySet, email: WaitingEmail, context: Context): Decision {
  const { receipt, action, askedAt, held } = email;
  const { sendAt: _, ...decision } = decide(policies, action, {
    ...context,
    askedAt,
    held,
    recent: (context.recent ?? []).filter((recent) => recent.receipt !== receipt),
    usage: (context.usage ?? []).map((usage) => {
      const isCounted = context.now - askedAt < usage.windowMs;
      return isCounted ? { ...usage, used: Math.max(0, usage.used - 1) } : usage;
    }),
  });
  const findings = decision.findings.map((finding): Finding => {
    if (!HAD_THEIR_SAY.has(finding.rule)) return finding;
    const { sendAt: __, ...rest } = finding;
    return rest.effect === "deny" ? { ...rest, effect: "warn" } : rest;
  });
  const isDenied = findings.some(({ effect }) => effect === "deny");
  return { ...decision, findings, effect: isDenied ? "deny" : "allow" };
}
