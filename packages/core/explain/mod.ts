export { type ExplainPolicyOptions, explainPolicy, type PolicySentence } from "./explain_policy.ts";
