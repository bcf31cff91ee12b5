export * from "./checkpoint/mod.ts";
export * from "./checkpoint/signing/mod.ts";
export * from "./erasure/mod.ts";
export * from "./proof/mod.ts";
export { type AccessData, accessEntry } from "./record/access.ts";
export {
  type AppliedChange,
  type AppliedChangeData,
  appliedChangeEntry,
  isAppliedChange,
} from "./record/applied_change.ts";
export type { ApprovalData } from "./record/approval.ts";
export {
  type Asker,
  type AskerText,
  askerCommitments,
  askerName,
  askerOf,
  openAsker,
} from "./record/asker.ts";
export { type CheckpointData, checkpointEntry } from "./record/checkpoint.ts";
export { type DriftData, type DriftEntryOptions, driftEntry } from "./record/drift.ts";
export { encodeRecord } from "./record/encode_record.ts";
export {
  type ErasureData,
  type PersonErasure,
  personErasureEntry,
  retentionEntry,
} from "./record/erasure.ts";
export {
  EXPORT_FORMATS,
  type ExportData,
  type ExportFilter,
  exportEntry,
  sealedName,
} from "./record/export.ts";
export { type EntryFrame, type EntryOf, NOBODY, type RecordFrame } from "./record/frame.ts";
export { type AskedText, type IntentData, intentEntry } from "./record/intent.ts";
export type * from "./record/intent_facts.ts";
export { isReadable } from "./record/is_readable.ts";
export type * from "./record/json.ts";
export { type KeyChangeData, keyChangeEntry } from "./record/key.ts";
export type { Fact, Reason, Shown, ShownOptions } from "./record/kind.ts";
export {
  type LifecycleData,
  type LifecycleEntryOptions,
  type LifecycleEvent,
  lifecycleEntry,
  type UnknownEventData,
  unknownEventEntry,
} from "./record/lifecycle.ts";
export { type NamedCommitment, namedCommitments } from "./record/named_commitments.ts";
export { type NotExtendedData, notExtendedEntry } from "./record/not_extended.ts";
export { MOST_NOTICED, type NoticeData, noticeEntry } from "./record/notice.ts";
export { type OutcomeData, type OutcomeEntryOptions, outcomeEntry } from "./record/outcome.ts";
export { PERSON_KINDS, personOf } from "./record/person_of.ts";
export { type PolicyData, type PolicyEntryOptions, type PolicyTexts, policyEntry } from "./record/policy.ts";
export { type ReadbackData, readbackEntry } from "./record/readback.ts";
export type * from "./record/record.ts";
export * from "./record/record_kind.ts";
export { type RefusedData, refusedEntry } from "./record/refused.ts";
export type * from "./record/sealed.ts";
export { commitmentOf, Sealer, seal } from "./record/sealed.ts";
export {
  type ApprovalEntryOptions,
  type ApprovalSigner,
  approvalEntry,
  approvalText,
} from "./record/signed_approval.ts";
export { type SigningKeyData, signingKeyEntry } from "./record/signing_key.ts";
export { subjectOf } from "./record/subject_of.ts";
export { shownOf, summarizeRecord } from "./record/words.ts";
export {
  countFound,
  findRecords,
  type RecordFilter,
} from "./store/find_records.ts";
export { policyFiles } from "./store/policy_files.ts";
export type * from "./store/store.ts";
export * from "./store/stored.ts";
export type { TrailProblem } from "./store/trail_problem.ts";
export type * from "./store/trail_source.ts";
export { TrailUnavailableError } from "./store/trail_unavailable_error.ts";
export * from "./tree/mod.ts";
export * from "./verify/mod.ts";
