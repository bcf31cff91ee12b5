export type { DeliveryFailure } from "./_checkpoint_delivery.ts";
export { type AddCheckpointOptions, addCheckpoint } from "./add_checkpoint.ts";
export { attachSignatures } from "./attach_signatures.ts";
export {
  Checkpointer,
  type CheckpointerOptions,
  type CheckpointRun,
  type RunOptions,
  type SigningKeys,
} from "./checkpointer.ts";
export type { Destination } from "./destination.ts";
export { deliverCheckpoint, destinationLabel } from "./destination.ts";
export { extendsCheckpoint } from "./extends_checkpoint.ts";
export { newestCheckpoint } from "./newest_checkpoint.ts";
export { readLatestCheckpoint } from "./read_latest_checkpoint.ts";
export { type RecordSigningKeyOptions, recordSigningKey } from "./record_signing_key.ts";
export { type SignCheckpointOptions, signCheckpoint } from "./sign_checkpoint.ts";
export { signingKeyHistory } from "./signing_key_history.ts";
export { type TrailOriginOptions, trailOrigin } from "./trail_origin.ts";
export type { Witness } from "./witness.ts";
export { parseWitness } from "./witness.ts";
export { type SizedNote, writeCheckpoint } from "./write_checkpoint.ts";
