export type { OutsideCheckpoint } from "./outside_checkpoint.ts";

export type * from "./verified_checkpoints.ts";
export {
  type VerifyProgress,
  type VerifyTrailOptions,
  type VerifyTrailResult,
  verifyTrail,
} from "./verify_trail.ts";
