export { ORGANISATION_FILE } from "./check/check_file_name.ts";
export { formatProblem } from "./format_problem.ts";
export { formatWhere } from "./format_where.ts";
export { type LoadPoliciesOptions, loadPolicies, type PolicyLoadResult } from "./load_policies.ts";
export * from "./oversight_mode.ts";
export type { PolicyFile } from "./policy_file.ts";
export type { PolicyProblem } from "./policy_problem.ts";
export type * from "./policy_set.ts";
export { RULE_NAMES, type RuleName, type RuleTraits } from "./rule_names.ts";
export { editorSchema } from "./schema/editor_schema.ts";
export { suggest } from "./suggest.ts";
export * from "./team_policy.ts";
export type { Where } from "./where.ts";
export { whereOf } from "./where_of.ts";
export {
  type RemovedRights,
  type StandingFile,
  standingFiles,
  withoutRemoved,
} from "./without_removed.ts";
