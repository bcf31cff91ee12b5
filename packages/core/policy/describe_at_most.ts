import type { TeamPolicy } from "./team_policy.ts";
import { formatWhere } from "./where.ts";

/** How far ahead email may be scheduled, and the organisation's line where it says so: `send_at.at_most is 7d at …`. */
export function describeAtMost({ sendAt, source }: Pick<TeamPolicy, "sendAt" | "source">): string {
  const where = source.places.inherited.get("send_at.at_most");
  return `send_at.at_most is ${sendAt.text}${where === undefined ? "" : ` at ${formatWhere(where)}`}`;
}
