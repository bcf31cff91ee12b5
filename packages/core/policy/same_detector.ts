import type { ContentDetector } from "./team_policy.ts";

/** Whether two detectors look for the same, whatever a policy calls it. */
export function sameDetector(one: ContentDetector, other: ContentDetector): boolean {
  return one.kind === "pattern"
    ? other.kind === "pattern" && one.pattern === other.pattern
    : other.kind === "builtin" && one.name === other.name;
}
