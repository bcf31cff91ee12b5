import type { Survey } from "../survey/survey.ts";

/**
 * Looks for one kind of thing in a normalized text (`Views.folded` or `Views.untagged`). Returns where the first
 * one begins, or -1; never the thing itself. Linear and total.
 */
export type Detector = (survey: Survey) => number;
