export { changedRequests, type DiffOptions, diffPolicies, type PolicyDiff } from "./diff_policies.ts";
export type { ChangeExample, ChangeScope, Direction, PolicyChange } from "./policy_change.ts";
