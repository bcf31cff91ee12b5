export * from "./oversight_mode.ts";
export type { PolicyProblem } from "./policy_problem.ts";
export type * from "./policy_set.ts";
export * from "./team_policy.ts";
export type { Where } from "./where.ts";
