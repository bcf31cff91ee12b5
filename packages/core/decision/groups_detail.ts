import { formatWhere, type Located } from "../policy/mod.ts";
import type { Finding } from "./decision.ts";

/** A decision is recorded each time: the policy has the rest. */
const MAX_TOLD = 5;

/** What people are told of the groups that these entries are written in, and where; nothing where there are none. */
export function groupsDetail(entries: readonly Located<unknown>[]): Pick<Finding, "detail"> {
  const text = describeGroups(entries);
  return text === "" ? {} : { detail: text };
}

/** `group:suppliers is at teams/_organisation.yaml:12:16`, of each group once; empty where there are none. */
export function describeGroups(entries: readonly Located<unknown>[]): string {
  const places = new Map<string, string>();
  for (const { group } of entries)
    if (group !== undefined && !places.has(group.name)) places.set(group.name, formatWhere(group.where));
  const told = [...places].slice(0, MAX_TOLD).map(([name, place]) => `${name} is at ${place}`);
  return (places.size > MAX_TOLD ? [...told, `${places.size - MAX_TOLD} more`] : told).join("; ");
}
