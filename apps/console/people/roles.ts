import { decidersOf } from "@countersign/core/approval";
import type { PolicySet } from "@countersign/core/policy";
import type { Identity } from "../store/console_store.ts";
import { officesOf } from "./offices.ts";

/** What a person may do here. */
export interface Roles {
  /** Teams on whose email they may decide. */
  readonly approves: ReadonlySet<string>;
  /** Those of them whose received email no assistant sees before a person does. */
  readonly releases: ReadonlySet<string>;
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
  const approves = teamsByDecider(policies, now).get(address) ?? new Set();
  const { auditors, operators } = officesOf(policies);
  const holds = (holders: readonly string[]) =>
    holders.includes(address) || groups.some((group) => holders.includes(`claim:${group}`));
  const releases = new Set(
    [...approves].filter((team) => policies.teams.get(team)?.oversight === "gated_all"),
  );
  const roles = { approves, releases, isAuditor: holds(auditors), isOperator: holds(operators) };
  return approves.size > 0 || roles.isAuditor || roles.isOperator ? roles : undefined;
}

/** For so long it is not worked out again who decides for which teams, in milliseconds: standing in for somebody ends by the day. */
const FRESH_MS = 10_000;

/** Of each set of policies, for whom it was worked out last, and when. */
const known = new WeakMap<PolicySet, { readonly at: number; readonly teams: TeamsByDecider }>();

type TeamsByDecider = ReadonlyMap<string, ReadonlySet<string>>;

/** Every page asks, and there may be thousands of teams. */
function teamsByDecider(policies: PolicySet, now: number): TeamsByDecider {
  const last = known.get(policies);
  if (last !== undefined && Math.abs(now - last.at) < FRESH_MS) return last.teams;
  const teams = new Map<string, Set<string>>();
  for (const team of policies.teams.keys())
    for (const address of decidersOf(policies, team, now))
      teams.set(address, (teams.get(address) ?? new Set()).add(team));
  known.set(policies, { at: now, teams });
  return teams;
}

/** Whose policies, email in numbers and history a person may see: of every team, or of those on which they decide. */
export function maySee({ approves, isAuditor, isOperator }: Roles, team: string): boolean {
  return isAuditor || isOperator || approves.has(team);
}
