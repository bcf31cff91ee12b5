import type { TreeHead } from "../tree/tree_head.ts";
import type { Note } from "./note.ts";

/** A signed tree head (https://c2sp.org/tlog-checkpoint). Nothing is said about whether a signature is valid. */
export interface Checkpoint extends TreeHead {
  /** Names the trail. */
  readonly origin: string;
  readonly note: Note;
}
