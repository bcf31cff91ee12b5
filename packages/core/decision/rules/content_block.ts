import { contentFindings } from "../content_findings.ts";
import type { Rule } from "../rule.ts";

/** `content.block`: what an email may not say. */
export const contentBlock: Rule = {
  name: "content.block",
  evaluate: (input) => contentFindings(input, input.policy.content.block, "deny"),
};
