import { isEmailAction } from "../../action/mod.ts";
import { formatPattern } from "../../address/mod.ts";
import { isAsStrictAs, OVERSIGHT_MODES, type TeamPolicy, whereOf } from "../../policy/mod.ts";
import type { LiveMailbox } from "../context.ts";
import type { Rule, RuleFinding } from "../rule.ts";

/** How old knowledge of the live mailbox may be when an email is judged by it. */
export const MAX_LIVE_AGE_MS: number = 5 * 60_000;

/** The mailbox at MultiMail must be what the policy says: its mode or a stricter one, its allowlist, its copies. */
export const mailboxVerified: Rule = {
  name: "mailbox.verified",
  evaluate: ({ policy, action, context: { live, now } }) => {
    if (!isEmailAction(action)) return [];
    if (live === undefined)
      return [unverified(policy, "mailbox", "MultiMail has not shown this mailbox yet")];
    if (!(now - live.seenAt <= MAX_LIVE_AGE_MS)) {
      const seconds = Math.round((now - live.seenAt) / 1000);
      return [
        unverified(
          policy,
          "mailbox",
          `MultiMail last showed this mailbox ${seconds} s ago, 300 s is the most`,
        ),
      ];
    }
    return liveDifferences(policy, live).map(({ path, detail }) => unverified(policy, path, detail));
  },
};

/** How the live mailbox differs from the declared one, where that matters: nothing when it may be used. */
export function liveDifferences(
  policy: TeamPolicy,
  live: LiveMailbox,
): readonly { readonly path: string; readonly detail: string }[] {
  const differences: { path: string; detail: string }[] = [];
  const mode = OVERSIGHT_MODES.find((known) => known === live.oversight);
  if (mode === undefined || !isAsStrictAs(mode, policy.oversight)) {
    differences.push({
      path: "oversight",
      detail: `Declared oversight ${policy.oversight}, live ${live.oversight}`,
    });
  }
  const { undeclared, missing } = allowlistDifference(policy, live);
  if (undeclared + missing > 0) {
    differences.push({
      path: "recipients.skip_approval",
      detail: `MultiMail's allowlist differs from skip_approval: ${undeclared} undeclared, ${missing} missing`,
    });
  }
  if (!sameAddress(policy.mailbox.autoCc, live.autoCc)) {
    differences.push({
      path: "mailbox.auto_cc",
      detail: copyDetail("auto_cc", policy.mailbox.autoCc, live.autoCc),
    });
  }
  if (!sameAddress(policy.mailbox.autoBcc, live.autoBcc)) {
    differences.push({
      path: "mailbox.auto_bcc",
      detail: copyDetail("auto_bcc", policy.mailbox.autoBcc, live.autoBcc),
    });
  }
  if (!live.active)
    differences.push({ path: "mailbox.id", detail: "MultiMail says that the mailbox is not active" });
  if (live.address !== undefined && !sameAddress(policy.mailbox.address, live.address)) {
    differences.push({ path: "mailbox.address", detail: "The live mailbox's address is another one" });
  }
  if (live.sendingDisabled) {
    differences.push({ path: "mailbox", detail: "MultiMail has disabled sending for the whole account" });
  }
  return differences;
}

/** How many entries of MultiMail's allowlist are not declared, and how many declared ones it lacks. */
function allowlistDifference(
  { recipients: { skipApproval } }: TeamPolicy,
  { allowlist }: LiveMailbox,
): { readonly undeclared: number; readonly missing: number } {
  if (skipApproval.length === 0) return { undeclared: allowlist.length, missing: 0 };
  const declared = new Set(skipApproval.map(({ value }) => formatPattern(value)));
  const entries = new Set(
    allowlist.map((entry) => (typeof entry === "string" ? entry : formatPattern(entry))),
  );
  return {
    undeclared: [...entries].filter((pattern) => !declared.has(pattern)).length,
    missing: [...declared].filter((pattern) => !entries.has(pattern)).length,
  };
}

function unverified(policy: TeamPolicy, path: string, detail: string): RuleFinding {
  return {
    effect: "deny",
    message:
      "The mailbox at MultiMail is not as its policy declares it, so nothing is sent; the platform team must look",
    detail,
    where: whereOf(policy, path),
  };
}

function sameAddress(declared: string | undefined, live: string | undefined): boolean {
  return declared?.toLowerCase() === live?.toLowerCase();
}

function copyDetail(name: string, declared: string | undefined, live: string | undefined): string {
  const kind =
    live === undefined ? "is missing" : declared === undefined ? "is not declared" : "is another one";
  return `The live mailbox's ${name} ${kind}`;
}
