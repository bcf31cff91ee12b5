import type { Checkpoint } from "../checkpoint/mod.ts";

/** A checkpoint that was kept where whoever can write the trail could not get at it. */
export interface OutsideCheckpoint {
  /** For people: where it is from. */
  readonly name: string;
  readonly checkpoint: Checkpoint;
}
