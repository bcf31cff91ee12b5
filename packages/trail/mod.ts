export * from "./checkpoint/mod.ts";
export * from "./checkpoint/signing/mod.ts";
export * from "./erasure/mod.ts";
export * from "./proof/mod.ts";
export type * from "./record/access.ts";
export type * from "./record/checkpoint.ts";
export type * from "./record/drift.ts";
export { encodeRecord } from "./record/encode_record.ts";
export type * from "./record/entry.ts";
export type * from "./record/erasure.ts";
export { EXPORT_FORMATS, type ExportData, type ExportFilter } from "./record/export.ts";
export type * from "./record/intent.ts";
export type * from "./record/json.ts";
export type * from "./record/key.ts";
export type * from "./record/lifecycle.ts";
export { type NamedCommitment, namedCommitments } from "./record/named_commitments.ts";
export type * from "./record/outcome.ts";
export { PERSON_KINDS, personOf } from "./record/person_of.ts";
export type * from "./record/policy.ts";
export type * from "./record/readback.ts";
export type * from "./record/record.ts";
export * from "./record/record_kind.ts";
export { type RefusedData, type RefusedEntry, refusedEntry } from "./record/refused.ts";
export type * from "./record/sealed.ts";
export { commitmentOf, Sealer, seal } from "./record/sealed.ts";
export { subjectOf } from "./record/subject_of.ts";
export {
  countFound,
  findRecords,
  type RecordFilter,
} from "./store/find_records.ts";
export type * from "./store/store.ts";
export * from "./store/stored.ts";
export type { TrailProblem } from "./store/trail_problem.ts";
export type * from "./store/trail_source.ts";
export { TrailUnavailableError } from "./store/trail_unavailable_error.ts";
export * from "./tree/mod.ts";
export * from "./verify/mod.ts";
