import type { Survey } from "../survey/survey.ts";

/** What a detector may be told besides the text. */
export interface DetectorOptions {
  /** Epoch milliseconds: whether a signed link ends. Absent: only links that say from when to when are known to. */
  readonly now?: number;
}

/**
 * Looks for one kind of thing in a normalized text (`Views.folded` or `Views.untagged`). Returns where the first
 * one begins, or -1; never the thing itself. Linear and total.
 */
export type Detector = (survey: Survey, options: DetectorOptions) => number;
