import assert from "node:assert/strict";
import { test } from "node:test";
import { policiesOf } from "../testing/start_test_console.ts";
import { TEAMS } from "../testing/teams.ts";
import { rolesOf } from "./roles.ts";

const DAY = 86_400_000;
const NOW = Date.parse("2026-11-28T12:00:00Z");

/** Sales, whose lead is away until the end of the month. */
const POLICIES = policiesOf({
  ...TEAMS,
  "sales.yaml": `${TEAMS["sales.yaml"]}delegates:
  - { from: sales-lead@acme.example, to: finance-lead@acme.example, until: 2026-11-30, reason: leave }
`,
});

const rolesAt = (now: number, address: string, groups: readonly string[] = []) =>
  rolesOf({ address, groups }, POLICIES, now);

test("rolesOf() has the teams on whose email somebody may decide, as long as they stand in for others", () => {
  const teams = (now: number, address: string) => [...(rolesAt(now, address)?.approves ?? [])].sort();
  assert.deepEqual(teams(NOW, "sales-lead@acme.example"), ["sales"]);
  assert.deepEqual(teams(NOW, "finance-lead@acme.example"), ["finance", "sales"]);
  assert.deepEqual(teams(NOW + 3 * DAY, "finance-lead@acme.example"), ["finance"]);
  assert.deepEqual(teams(NOW, "deputy@acme.example"), ["finance"]);
});

test("rolesOf() gives the organisation's offices by address and by group, and nothing to others", () => {
  const offices = (address: string, groups?: readonly string[]) => {
    const { isAuditor, isOperator } = rolesAt(NOW, address, groups) ?? {};
    return [isAuditor, isOperator];
  };
  assert.deepEqual(offices("auditor@acme.example"), [true, false]);
  assert.deepEqual(offices("operator@acme.example"), [false, true]);
  assert.deepEqual(offices("ann@acme.example", ["staff", "audit", "platform"]), [true, true]);
  assert.equal(rolesAt(NOW, "ann@acme.example", ["staff", "claim:audit", "auditor@acme.example"]), undefined);
});
