export type { OutsideCheckpoint } from "./_outside_check.ts";
export type { VerifiedCheckpoints, VerifiedWitness } from "./_signature_tally.ts";
export type { VerifiedKey } from "./known_keys.ts";
export {
  type VerifyProgress,
  type VerifyTrailOptions,
  type VerifyTrailResult,
  verifyTrail,
} from "./verify_trail.ts";
