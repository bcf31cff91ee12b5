export type { TrailProblem } from "./trail_problem.ts";
export type * from "./trail_source.ts";
export { type VerifyTrailOptions, type VerifyTrailResult, verifyTrail } from "./verify_trail.ts";
