import type { ApprovalRequirement } from "../../decision/mod.ts";
import type { Delegation, PolicyPerson, Where } from "../../policy/mod.ts";
import type { Decider, GivenDecision, Verdict } from "../given_decision.ts";

/** A line of a policy. */
export function line(number: number): Where {
  return { file: "teams/a.yaml", line: number, column: 1 };
}

/** Somebody at our company, whom a policy names on a line. */
export function named(name: string, where: number = 1): PolicyPerson {
  return { address: addressOf(name), where: line(where) };
}

/** `lead` → `lead@acme.example` */
export function addressOf(name: string): string {
  return `${name}@acme.example`;
}

/** Somebody who signed in, with an account of their own. */
export function person(name: string, changes: Partial<Decider> = {}): Decider {
  return {
    issuer: "https://id.example",
    subject: `sub-${name}`,
    address: addressOf(name),
    auth: "oidc",
    ...changes,
  };
}

/** What somebody decided. */
export function given(by: string | Decider, at: number, verdict: Verdict = "approve"): GivenDecision {
  return { verdict, by: typeof by === "string" ? person(by) : by, at };
}

/** So many of these people; a class by its name. */
export function required(
  needed: number,
  by: readonly string[],
  more: Partial<ApprovalRequirement> = {},
): ApprovalRequirement {
  return { needed, by: by.map((name) => named(name, 4)), where: line(3), ...more };
}

/** Somebody stands in for somebody else; `endsAt`: epoch milliseconds. */
export function delegation(from: string, to: string, endsAt: number = Number.POSITIVE_INFINITY): Delegation {
  return {
    ...{ from: named(from, 9), to: named(to, 9), until: "2026-12-31", endsAt, reason: "leave" },
    where: line(9),
  };
}
