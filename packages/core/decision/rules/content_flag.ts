import { contentFindings } from "../content_findings.ts";
import type { Rule } from "../rule.ts";

/** `content.flag`: what an email may say only if a person sees it first. */
export const contentFlag: Rule = {
  name: "content.flag",
  evaluate: (input) => contentFindings(input, input.policy.content.flag, "flag"),
};
