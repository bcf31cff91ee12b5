export type { OutsideCheckpoint } from "./outside_checkpoint.ts";
export type { TrailProblem } from "./trail_problem.ts";
export type * from "./trail_source.ts";
export type * from "./verified_checkpoints.ts";
export {
  type VerifyProgress,
  type VerifyTrailOptions,
  type VerifyTrailResult,
  verifyTrail,
} from "./verify_trail.ts";
