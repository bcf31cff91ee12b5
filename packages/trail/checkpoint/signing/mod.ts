export type { DeliveryFailure } from "./_checkpoint_delivery.ts";
export { type AddCheckpointOptions, addCheckpoint } from "./add_checkpoint.ts";
export { attachSignatures } from "./attach_signatures.ts";
export {
  Checkpointer,
  type CheckpointerOptions,
  type CheckpointRun,
  type RunOptions,
} from "./checkpointer.ts";
export { deliverCheckpoint } from "./deliver_checkpoint.ts";
export type { Destination } from "./destination.ts";
export { destinationLabel } from "./destination_label.ts";
export { extendsCheckpoint } from "./extends_checkpoint.ts";
export { newestCheckpoint } from "./newest_checkpoint.ts";
export { parseWitness } from "./parse_witness.ts";
export { readLatestCheckpoint } from "./read_latest_checkpoint.ts";
export { type RecordSigningKeyOptions, recordSigningKey } from "./record_signing_key.ts";
export { type SignCheckpointOptions, signCheckpoint } from "./sign_checkpoint.ts";
export { signingKeyHistory } from "./signing_key_history.ts";
export type { SigningKeys } from "./signing_keys.ts";
export { type TrailOriginOptions, trailOrigin } from "./trail_origin.ts";
export type { Witness } from "./witness.ts";
export { type SizedNote, writeCheckpoint } from "./write_checkpoint.ts";
