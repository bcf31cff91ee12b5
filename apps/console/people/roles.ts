import type { PolicySet, TeamPolicy } from "@countersign/core/policy";
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
    [...policies.teams.values()].filter((policy) => decides(address, policy, now)).map(({ team }) => team),
  );
  const { auditors, operators } = officesOf(policies);
  const holds = (holders: readonly string[]) =>
    holders.includes(address) || groups.some((group) => holders.includes(`claim:${group}`));
  const roles = { approves, isAuditor: holds(auditors), isOperator: holds(operators) };
  return approves.size > 0 || roles.isAuditor || roles.isOperator ? roles : undefined;
}

/** Whether a person is named among those who may decide on the team's email. */
function decides(address: string, { approvers }: TeamPolicy, _now: number): boolean {
  return approvers.includes(address);
}

/** Whose policies, email in numbers and history a person may see: of every team, or of those on which they decide. */
export function maySee({ approves, isAuditor, isOperator }: Roles, team: string): boolean {
  return isAuditor || isOperator || approves.has(team);
}
