import { hash } from "node:crypto";
import type { ContentDetector } from "@countersign/core/policy";

/** What a detector looks for, whatever a policy calls it: two of the same find the same. */
export function detectorId(detector: ContentDetector): string {
  if (detector.kind === "builtin") return detector.name;
  return `pattern ${hash("sha256", detector.pattern).slice(0, 16)}`;
}
