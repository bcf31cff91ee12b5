import type { PolicySet } from "../policy/mod.ts";
import { delegationsOf, withStandIns } from "./delegations.ts";

/**
 * Everybody who may decide on some email of a team at a time (epoch milliseconds): those of all email, those of classes,
 * those to whom it escalates, and who stands in for any of them. Canonical addresses.
 */
export function decidersOf(policies: PolicySet, team: string, now: number): ReadonlySet<string> {
  const approval = policies.teams.get(team)?.approval;
  if (approval === undefined) return new Set();
  const named = [approval.by, approval.escalate?.to ?? [], ...approval.classes.map(({ by }) => by)].flat();
  return withStandIns(named, delegationsOf(policies, team), now);
}
