export { type ExplainPolicyOptions, explainPolicy } from "./explain_policy.ts";
export type { PolicySentence } from "./policy_sentence.ts";
