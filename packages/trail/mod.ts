export type * from "./access_data.ts";
export * from "./checkpoint/mod.ts";
export type * from "./checkpoint_data.ts";
export { commitmentOf } from "./commitment_of.ts";
export { encodeRecord } from "./encode_record.ts";
export * from "./erasure/mod.ts";
export type * from "./erasure_data.ts";
export * from "./export_data.ts";
export {
  countFound,
  findRecords,
  PERSON_KINDS,
  personOf,
  type RecordFilter,
} from "./find_records.ts";
export type * from "./intent_data.ts";
export type * from "./lifecycle_data.ts";
export { type NamedCommitment, namedCommitments } from "./named_commitments.ts";
export * from "./proof/mod.ts";
export * from "./record.ts";
export { seal } from "./seal.ts";
export type * from "./sealed.ts";
export { Sealer } from "./sealer.ts";
export * from "./signing/mod.ts";
export type * from "./signing_key_data.ts";
export type * from "./store.ts";
export { subjectOf } from "./subject_of.ts";
export { TrailUnavailableError } from "./trail_unavailable_error.ts";
export * from "./tree/mod.ts";
export * from "./verify/mod.ts";
