import { decidersOf } from "@countersign/core/approval";
import type { PolicySet } from "@countersign/core/policy";
import type { Identity } from "../store/console_store.ts";
import { officesOf } from "./offices.ts";

/** What a person may do here. */
export interface Roles {
  /** Teams on whose email they may decide. */
  readonly approves: ReadonlySet<string>;
  /** Reads the whole trail. */
  readonly isAuditor: boolean;
  /** Looks after mailboxes. */
  readonly isOperator: boolean;
}

/**
 * The roles that the policies in force give to a person at `now` (epoch ms); undefined: none, and then they may not sign in.
 */
export function rolesOf(
  { address, groups }: Pick<Identity, "address" | "groups">,
  policies: PolicySet,
  now: number,
): Roles | undefined {
  const approves = new Set(
    [...policies.teams.keys()].filter((team) => decidersOf(policies, team, now).has(address)),
  );
  const { auditors, operators } = officesOf(policies);
  const holds = (holders: readonly string[]) =>
    holders.includes(address) || groups.some((group) => holders.includes(`claim:${group}`));
  const roles = { approves, isAuditor: holds(auditors), isOperator: holds(operators) };
  return approves.size > 0 || roles.isAuditor || roles.isOperator ? roles : undefined;
}

/** Whose policies, email in numbers and history a person may see: of every team, or of those on which they decide. */
export function maySee({ approves, isAuditor, isOperator }: Roles, team: string): boolean {
  return isAuditor || isOperator || approves.has(team);
}
