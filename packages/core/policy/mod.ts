export { ORGANISATION_FILE } from "./check/check_file_name.ts";
export { describeAtMost } from "./describe_at_most.ts";
export { type DifferentPeopleOptions, differentPeople, type Seat } from "./different_people.ts";
export { keyPrefix } from "./key_prefix.ts";
export {
  joinParts,
  joinPolicies,
  type KnownFiles,
  type LoadPoliciesOptions,
  loadInSteps,
  loadPolicies,
  type PolicyLoadResult,
} from "./load_policies.ts";
export { lostOrganisation } from "./lost_organisation.ts";
export type * from "./organisation_policy.ts";
export { isAsStrictAs, OVERSIGHT_MODES, type OversightMode } from "./oversight_mode.ts";
export { type PlaceTable, shareTable } from "./place_table.ts";
export { formatProblem, type PolicyProblem } from "./policy_problem.ts";
export type * from "./policy_set.ts";
export { RULE_NAMES, type RuleName, type RuleTraits } from "./rule_names.ts";
export { sameDetector } from "./same_detector.ts";
export { describeKeys, type KeyDescription } from "./schema/describe_keys.ts";
export { editorSchema } from "./schema/editor_schema.ts";
export { shareEqual } from "./share_equal.ts";
export { shownFile } from "./shown_file.ts";
export { isOnePerson, type StandIn, StandIns } from "./stand_ins.ts";
export { suggest } from "./suggest.ts";
export * from "./team_policy.ts";
export { unskippedCopy } from "./unskipped_copy.ts";
export { formatWhere, type Where } from "./where.ts";
export {
  type RemovedRights,
  type StandingFile,
  standingFiles,
  withoutRemoved,
} from "./without_removed.ts";
